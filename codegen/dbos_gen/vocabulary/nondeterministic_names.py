"""Names outside the project whose calls give another answer when a workflow runs again, by what they do.

``()`` stands for a call (``httpx.Client().get`` is a method of an instance) and ``*`` for every name below another one.
"""

from __future__ import annotations

CLOCK = """
    time.time time.time_ns time.monotonic time.monotonic_ns time.perf_counter time.perf_counter_ns time.process_time
    time.process_time_ns time.thread_time time.clock_gettime time.localtime time.gmtime time.ctime time.strftime
    datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today pandas.Timestamp.now
    pandas.Timestamp.utcnow pandas.Timestamp.today pendulum.now pendulum.today pendulum.tomorrow pendulum.yesterday
    arrow.now arrow.utcnow whenever.Instant.now django.utils.timezone.now email.utils.localtime
    email.utils.make_msgid timeit.default_timer asyncio.get_running_loop().time asyncio.get_event_loop().time
"""

RANDOM = """
    random.random random.randint random.randrange random.choice random.choices random.sample random.shuffle
    random.uniform random.gauss random.getrandbits random.randbytes random.* random.SystemRandom().*
    random.Random().* secrets.* os.urandom os.getrandom numpy.random.* torch.rand torch.randn torch.randint
    torch.randperm faker.Faker().* ssl.RAND_bytes nanoid.generate ulid.new ulid.ULID shortuuid.uuid
    cuid2.cuid_wrapper() crypt.mksalt bcrypt.gensalt
"""

UUID = """
    uuid.uuid1 uuid.uuid4 uuid.uuid6 uuid.uuid7 uuid.getnode uuid_utils.* uuid6.*
"""

ENVIRONMENT = """
    os.getenv os.getenvb os.putenv os.unsetenv os.getpid os.getppid os.getlogin os.getcwd os.getuid os.uname
    os.cpu_count os.getloadavg platform.* socket.gethostname socket.getfqdn getpass.* locale.getlocale
    locale.getdefaultlocale threading.get_ident threading.current_thread pathlib.Path.cwd pathlib.Path.home psutil.*
    pydantic_settings.BaseSettings environ.Env() decouple.config dotenv.* multiprocessing.cpu_count
"""

FILES = """
    builtins.open io.open codecs.open os.open os.fdopen os.listdir os.scandir os.walk os.stat os.lstat os.remove
    os.unlink os.rename os.replace os.mkdir os.makedirs os.rmdir os.removedirs os.access os.chmod os.link os.symlink
    os.truncate os.utime os.path.exists os.path.isfile os.path.isdir os.path.getsize os.path.getmtime
    os.path.getctime os.path.getatime os.path.islink os.path.lexists glob.glob glob.iglob shutil.* tempfile.*
    tempfile.NamedTemporaryFile tempfile.TemporaryDirectory tempfile.TemporaryFile fileinput.* linecache.*
    zipfile.ZipFile tarfile.open gzip.open bz2.open lzma.open shelve.open dbm.open aiofiles.open aiofiles.os.*
    pandas.read_csv pandas.read_parquet pandas.read_excel pandas.read_json polars.read_csv polars.read_parquet
    numpy.load numpy.loadtxt numpy.save pathlib.Path().open pathlib.Path().read_text pathlib.Path().read_bytes
    pathlib.Path().write_text pathlib.Path().write_bytes pathlib.Path().exists pathlib.Path().is_file
    pathlib.Path().is_dir pathlib.Path().is_symlink pathlib.Path().iterdir pathlib.Path().glob pathlib.Path().rglob
    pathlib.Path().walk pathlib.Path().stat pathlib.Path().lstat pathlib.Path().mkdir pathlib.Path().rmdir
    pathlib.Path().unlink pathlib.Path().touch pathlib.Path().rename pathlib.Path().replace pathlib.Path().chmod
    pathlib.Path().symlink_to pathlib.Path().hardlink_to pathlib.Path().samefile pathlib.Path().owner
    pathlib.Path().group
"""

NETWORK = """
    requests.* httpx.* httpx2.* http.client.HTTPConnection().request imaplib.IMAP4_SSL imaplib.IMAP4 poplib.POP3
    urllib.request.* urllib3.* aiohttp.* http.client.* socket.* smtplib.* smtplib.SMTP smtplib.SMTP_SSL ftplib.FTP
    imaplib.* poplib.* ftplib.* telnetlib.* xmlrpc.client.* websockets.* websocket.* grpc.* paramiko.* asyncssh.*
    boto3.* botocore.session.* aioboto3.* redis.* aioredis.* pika.* aio_pika.* kafka.* aiokafka.* confluent_kafka.*
    nats.* stripe.* twilio.rest.* sendgrid.* slack_sdk.* openai.* anthropic.* google.cloud.* google.generativeai.*
    google.genai.* azure.storage.* azure.identity.* elasticsearch.* opensearchpy.* asyncio.open_connection
    asyncio.start_server asyncio.create_subprocess_exec.* dns.resolver.* ldap3.* cohere.* mistralai.* litellm.*
    ollama.* hvac.* consul.* etcd3.* zmq.* tweepy.* github.Github.* resend.*
"""

DATABASE = """
    sqlite3.* sqlite3.Connection aiosqlite.* psycopg.* psycopg2.* psycopg_pool.* asyncpg.* pymysql.* MySQLdb.*
    mysql.connector.* aiomysql.* pymongo.* motor.* cassandra.cluster.* duckdb.* pandas.read_sql
    pandas.read_sql_query snowflake.connector.* clickhouse_connect.* neo4j.* oracledb.* cx_Oracle.* pyodbc.*
    sqlalchemy.create_engine sqlalchemy.create_engine().* sqlalchemy.engine.Engine().* sqlalchemy.Engine().*
    sqlalchemy.orm.Session sqlalchemy.orm.sessionmaker() sqlalchemy.ext.asyncio.create_async_engine
    sqlalchemy.ext.asyncio.AsyncSession sqlalchemy.ext.asyncio.async_sessionmaker() sqlmodel.Session
    sqlmodel.create_engine peewee.* tortoise.* sqlalchemy.orm.Session().execute sqlalchemy.orm.Session().scalar
    sqlalchemy.orm.Session().scalars sqlalchemy.orm.Session().get sqlalchemy.orm.Session().add
    sqlalchemy.orm.Session().add_all sqlalchemy.orm.Session().commit sqlalchemy.orm.Session().rollback
    sqlalchemy.orm.Session().query sqlalchemy.orm.Session().flush sqlalchemy.orm.Session().delete
    sqlalchemy.orm.Session().merge sqlalchemy.orm.Session().refresh sqlalchemy.orm.Session().begin
    sqlalchemy.orm.Session().exec sqlmodel.Session().execute sqlmodel.Session().scalar sqlmodel.Session().scalars
    sqlmodel.Session().get sqlmodel.Session().add sqlmodel.Session().add_all sqlmodel.Session().commit
    sqlmodel.Session().rollback sqlmodel.Session().query sqlmodel.Session().flush sqlmodel.Session().delete
    sqlmodel.Session().merge sqlmodel.Session().refresh sqlmodel.Session().begin sqlmodel.Session().exec
    sqlalchemy.ext.asyncio.AsyncSession().execute sqlalchemy.ext.asyncio.AsyncSession().scalar
    sqlalchemy.ext.asyncio.AsyncSession().scalars sqlalchemy.ext.asyncio.AsyncSession().get
    sqlalchemy.ext.asyncio.AsyncSession().add sqlalchemy.ext.asyncio.AsyncSession().add_all
    sqlalchemy.ext.asyncio.AsyncSession().commit sqlalchemy.ext.asyncio.AsyncSession().rollback
    sqlalchemy.ext.asyncio.AsyncSession().query sqlalchemy.ext.asyncio.AsyncSession().flush
    sqlalchemy.ext.asyncio.AsyncSession().delete sqlalchemy.ext.asyncio.AsyncSession().merge
    sqlalchemy.ext.asyncio.AsyncSession().refresh sqlalchemy.ext.asyncio.AsyncSession().begin
    sqlalchemy.ext.asyncio.AsyncSession().exec sqlalchemy.orm.sessionmaker()().execute
    sqlalchemy.orm.sessionmaker()().scalar sqlalchemy.orm.sessionmaker()().scalars
    sqlalchemy.orm.sessionmaker()().get sqlalchemy.orm.sessionmaker()().add sqlalchemy.orm.sessionmaker()().add_all
    sqlalchemy.orm.sessionmaker()().commit sqlalchemy.orm.sessionmaker()().rollback
    sqlalchemy.orm.sessionmaker()().query sqlalchemy.orm.sessionmaker()().flush
    sqlalchemy.orm.sessionmaker()().delete sqlalchemy.orm.sessionmaker()().merge
    sqlalchemy.orm.sessionmaker()().refresh sqlalchemy.orm.sessionmaker()().begin
    sqlalchemy.orm.sessionmaker()().exec sqlalchemy.ext.asyncio.async_sessionmaker()().execute
    sqlalchemy.ext.asyncio.async_sessionmaker()().scalar sqlalchemy.ext.asyncio.async_sessionmaker()().scalars
    sqlalchemy.ext.asyncio.async_sessionmaker()().get sqlalchemy.ext.asyncio.async_sessionmaker()().add
    sqlalchemy.ext.asyncio.async_sessionmaker()().add_all sqlalchemy.ext.asyncio.async_sessionmaker()().commit
    sqlalchemy.ext.asyncio.async_sessionmaker()().rollback sqlalchemy.ext.asyncio.async_sessionmaker()().query
    sqlalchemy.ext.asyncio.async_sessionmaker()().flush sqlalchemy.ext.asyncio.async_sessionmaker()().delete
    sqlalchemy.ext.asyncio.async_sessionmaker()().merge sqlalchemy.ext.asyncio.async_sessionmaker()().refresh
    sqlalchemy.ext.asyncio.async_sessionmaker()().begin sqlalchemy.ext.asyncio.async_sessionmaker()().exec
    sqlalchemy.Connection().execute sqlalchemy.Connection().scalar sqlalchemy.Connection().scalars
    sqlalchemy.Connection().commit sqlalchemy.Connection().rollback sqlalchemy.Connection().begin
    sqlalchemy.Connection().connect sqlalchemy.engine.Connection().execute sqlalchemy.engine.Connection().scalar
    sqlalchemy.engine.Connection().scalars sqlalchemy.engine.Connection().commit
    sqlalchemy.engine.Connection().rollback sqlalchemy.engine.Connection().begin
    sqlalchemy.engine.Connection().connect sqlalchemy.ext.asyncio.AsyncConnection().execute
    sqlalchemy.ext.asyncio.AsyncConnection().scalar sqlalchemy.ext.asyncio.AsyncConnection().scalars
    sqlalchemy.ext.asyncio.AsyncConnection().commit sqlalchemy.ext.asyncio.AsyncConnection().rollback
    sqlalchemy.ext.asyncio.AsyncConnection().begin sqlalchemy.ext.asyncio.AsyncConnection().connect
    sqlalchemy.ext.asyncio.AsyncEngine().execute sqlalchemy.ext.asyncio.AsyncEngine().scalar
    sqlalchemy.ext.asyncio.AsyncEngine().scalars sqlalchemy.ext.asyncio.AsyncEngine().commit
    sqlalchemy.ext.asyncio.AsyncEngine().rollback sqlalchemy.ext.asyncio.AsyncEngine().begin
    sqlalchemy.ext.asyncio.AsyncEngine().connect
"""

PROCESS = """
    subprocess.* subprocess.Popen os.system os.popen os.fork os.kill os.execv os.execvp os.execve os.spawnl
    os.spawnv os.posix_spawn os._exit os.abort os.wait os.waitpid pty.* asyncio.create_subprocess_exec
    asyncio.create_subprocess_shell pexpect.* sh.* webbrowser.* os.startfile
"""

THREADS = """
    threading.Thread threading.Thread().start threading.Timer threading.Timer().start
    concurrent.futures.ThreadPoolExecutor concurrent.futures.ThreadPoolExecutor().*
    concurrent.futures.ProcessPoolExecutor concurrent.futures.ProcessPoolExecutor().*
    concurrent.futures.Executor().* concurrent.futures.InterpreterPoolExecutor multiprocessing.Process
    multiprocessing.Pool multiprocessing.Pool().* multiprocessing.Process().* multiprocessing.get_context().*
    multiprocessing.dummy.* _thread.start_new_thread asyncio.to_thread asyncio.get_running_loop().run_in_executor
    asyncio.get_event_loop().run_in_executor asyncio.run_coroutine_threadsafe anyio.to_thread.* anyio.from_thread.*
    gevent.* eventlet.* joblib.* starlette.concurrency.run_in_threadpool fastapi.concurrency.run_in_threadpool
    asgiref.sync.sync_to_async() joblib.Parallel multiprocessing.dummy.Pool
"""

SLEEP = """
    time.sleep gevent.sleep eventlet.sleep
"""

SLEEP_ASYNC = """
    asyncio.sleep anyio.sleep trio.sleep
"""

RACE = """
    asyncio.as_completed asyncio.wait_for asyncio.timeout asyncio.timeout_at asyncio.wait
    concurrent.futures.as_completed concurrent.futures.wait anyio.move_on_after anyio.fail_after
    async_timeout.timeout select.select selectors.* asyncio.Queue().get_nowait
"""

INPUT = """
    builtins.input click.prompt click.confirm typer.prompt typer.confirm sys.stdin.read
    sys.stdin.readline sys.stdin.readlines sys.stdin.buffer.* rich.prompt.* questionary.*
    inquirer.*
"""

READ = """
    os.environ os.environb sys.argv
"""
"""What is of the environment even when it is only read."""

FINE = """
    random.Random(seed).* random.seed numpy.random.default_rng(seed).* numpy.random.Generator(seed).*
    numpy.random.RandomState(seed).* numpy.random.seed secrets.compare_digest boto3.client boto3.resource
    redis.from_url redis.asyncio.from_url socket.inet_aton socket.inet_ntoa socket.inet_pton socket.inet_ntop
    socket.htons socket.ntohs socket.htonl socket.ntohl socket.error socket.timeout socket.gaierror
    requests.exceptions.* requests.compat.* requests.utils.* requests.structures.* requests.Response().*
    requests.auth.* requests.adapters.* requests.cookies.* requests.models.* httpx.URL().* httpx.Headers().*
    httpx.Response().* httpx.Request().* urllib3.exceptions.* urllib3.util.* urllib.request.pathname2url
    urllib.request.url2pathname urllib.request.quote aiohttp.web.* aiohttp.ClientResponse().*
    websockets.exceptions.* boto3.dynamodb.* redis.exceptions.* stripe.error.* openai.types.* anthropic.types.*
    google.cloud.exceptions.* elasticsearch.exceptions.* google.genai.types.* slack_sdk.errors.* slack_sdk.models.*
    litellm.exceptions.* sqlite3.register_adapter psycopg.sql.* psycopg.errors.* psycopg.rows.* psycopg.types.*
    psycopg2.sql.* psycopg2.errors.* psycopg2.extras.* asyncpg.exceptions.* pymongo.errors.* tortoise.fields.*
    tortoise.exceptions.* neo4j.exceptions.* subprocess.list2cmdline tempfile.gettempprefix
    platform.python_version_tuple joblib.hash kafka.errors.* twilio.rest.Client().calls.stream urllib3.Retry().*
    requests.Session().headers.* requests.Session().cookies.* requests.Session().params.* requests.Session().mount
    requests.Session().build_request requests.Session().prepare_request httpx.Client().headers.*
    httpx.Client().cookies.* httpx.Client().params.* httpx.Client().mount httpx.Client().build_request
    httpx.Client().prepare_request httpx.AsyncClient().headers.* httpx.AsyncClient().cookies.*
    httpx.AsyncClient().params.* httpx.AsyncClient().mount httpx.AsyncClient().build_request
    httpx.AsyncClient().prepare_request aiohttp.ClientSession().headers.* aiohttp.ClientSession().cookies.*
    aiohttp.ClientSession().params.* aiohttp.ClientSession().mount aiohttp.ClientSession().build_request
    aiohttp.ClientSession().prepare_request openai.pydantic_function_tool litellm.token_counter
    litellm.get_model_info google.cloud.storage.Client().bucket google.cloud.storage.Client().bucket().blob
"""
"""What stands below a `*` and only describes, converts or fails."""
