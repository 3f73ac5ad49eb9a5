"""What is known of classes outside the program, by their public dotted names.

The runtime recognises some by name and judges the others by what their instances can do; the table says either. A
class that is in no table is unknown, and nothing is said about it.
"""

from __future__ import annotations

import builtins

from dbos_gen.rules.storable import advice

_ABSTRACT = ("collections.abc", "typing")


def _abstract(*names: str) -> frozenset[str]:
    return frozenset(f"{module}.{name}" for module in _ABSTRACT for name in names)


_LISTS = {"builtins.list", "collections.deque"} | _abstract(
    "Sequence", "MutableSequence", "Iterable", "Collection", "Container", "Reversible"
)
_SETS = {"builtins.set", "builtins.frozenset"} | _abstract("Set", "AbstractSet", "MutableSet")
_DICTS = {"builtins.dict"} | _abstract("Mapping", "MutableMapping")
_ITEMS = {"collections.OrderedDict", "collections.Counter", "collections.defaultdict"}

CONTAINERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_LISTS | _SETS, ("[]",)),
    **dict.fromkeys(_DICTS, ("[key]", "[value]")),
    **dict.fromkeys(_ITEMS, ("[]", "[]")),
    "builtins.tuple": ("[]",),
}
"""Containers, and how the place of each type argument is written; a tuple here has items of one type."""

EXCEPTIONS = frozenset(
    f"builtins.{name}"
    for name, thing in vars(builtins).items()
    if isinstance(thing, type) and issubclass(thing, BaseException)
)

STORED = (
    EXCEPTIONS
    | _abstract("Hashable", "Sized")
    | {
        *("builtins.None", "builtins.object", "builtins.bool", "builtins.int", "builtins.float", "builtins.str"),
        *("builtins.complex", "builtins.bytes", "builtins.bytearray", "builtins.range", "types.NoneType"),
        *("typing.Any", "typing.LiteralString", "typing.NoReturn", "typing.Never", "typing.Self", "typing.Literal"),
        *("typing.SupportsInt", "typing.SupportsFloat", "typing.SupportsIndex", "typing.SupportsAbs"),
        *("datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "datetime.timezone"),
        *("datetime.tzinfo", "zoneinfo.ZoneInfo", "decimal.Decimal", "fractions.Fraction", "uuid.UUID", "re.Pattern"),
        *("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.WindowsPath", "os.PathLike"),
        *("pathlib.PurePosixPath", "pathlib.PureWindowsPath"),
        *("ipaddress.IPv4Address", "ipaddress.IPv6Address", "ipaddress.IPv4Network", "ipaddress.IPv6Network"),
        *("ipaddress.IPv4Interface", "ipaddress.IPv6Interface"),
        *("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag", "http.HTTPStatus"),
        *("pydantic.BaseModel", "pydantic.SecretStr", "pydantic.HttpUrl", "pydantic.AnyUrl", "pydantic.EmailStr"),
        *("dbos_typed.WorkflowStatus", "dbos_typed.DBOSConfig", "dbos_typed.EnqueueOptions"),
    }
)
"""Classes that can be stored, and those of which only the values will tell."""

_NAMED: dict[str, str] = {
    advice.LOCK: """threading.Lock threading.RLock threading.Condition threading.Semaphore threading.BoundedSemaphore
        threading.Barrier asyncio.Lock asyncio.Condition asyncio.Semaphore asyncio.BoundedSemaphore asyncio.Barrier""",
    advice.THREAD_EVENT: "threading.Event",
    advice.ASYNC_EVENT: "asyncio.Event",
    advice.THREAD: "threading.Thread threading.Timer",
    advice.THREAD_LOCAL: "_thread._local",
    advice.QUEUE: """queue.Queue queue.LifoQueue queue.PriorityQueue queue.SimpleQueue asyncio.Queue
        asyncio.PriorityQueue asyncio.LifoQueue multiprocessing.queues.Queue""",
    advice.LOGGER: "logging.Logger logging.LoggerAdapter",
    advice.TASK: "asyncio.Task",
    advice.FUTURE: "asyncio.Future",
    advice.RESULT_OF_FUTURE: "concurrent.futures.Future",
    advice.FILE: """io.IOBase io.RawIOBase io.BufferedIOBase io.TextIOBase io.FileIO io.BytesIO io.StringIO
        io.TextIOWrapper io.BufferedReader io.BufferedWriter io.BufferedRandom io.BufferedRWPair typing.IO typing.TextIO
        typing.BinaryIO tempfile.SpooledTemporaryFile tempfile._TemporaryFileWrapper gzip.GzipFile bz2.BZ2File
        lzma.LZMAFile http.client.HTTPResponse""",
    advice.SOCKET: "socket.socket ssl.SSLSocket",
    advice.CONNECTION: """sqlite3.Connection sqlalchemy.Connection sqlalchemy.ext.asyncio.AsyncConnection
        psycopg.Connection psycopg.AsyncConnection""",
    advice.ENGINE: "sqlalchemy.Engine sqlalchemy.ext.asyncio.AsyncEngine",
    advice.SESSION: "sqlalchemy.orm.Session",
    advice.ASYNC_SESSION: "sqlalchemy.ext.asyncio.AsyncSession",
    advice.RESULT: "sqlalchemy.Result sqlalchemy.CursorResult",
    advice.SCALARS: "sqlalchemy.ScalarResult",
    advice.MAPPINGS: "sqlalchemy.MappingResult",
    advice.ROW: "sqlalchemy.Row",
    advice.ROW_MAPPING: "sqlalchemy.RowMapping",
    advice.COMPLETED: "subprocess.CompletedProcess",
    advice.PROCESS: "subprocess.Popen",
    advice.MATCH: "re.Match",
    advice.FUNCTION: """collections.abc.Callable types.FunctionType types.LambdaType types.BuiltinFunctionType""",
    advice.PARTIAL: "functools.partial",
    advice.METHOD: "types.MethodType",
    advice.MODULE: "types.ModuleType",
    advice.CLASS: "builtins.type",
    advice.MEMORYVIEW: "builtins.memoryview",
    advice.SLICE: "builtins.slice",
    advice.FRAME: "types.FrameType",
    advice.TRACEBACK: "types.TracebackType",
    advice.CONTEXT: "contextvars.Context",
    advice.COROUTINE: "types.CoroutineType",
    advice.GENERATOR: "types.GeneratorType",
    advice.ASYNC_GENERATOR: "types.AsyncGeneratorType",
    advice.ARRAY: "numpy.ndarray",
    advice.NUMPY_SCALAR: """numpy.generic numpy.float64 numpy.float32 numpy.int64 numpy.int32 numpy.int8 numpy.uint8
        numpy.bool_""",
    advice.FRAME_OF_DATA: "pandas.DataFrame",
    advice.HANDLE: """dbos_typed.WorkflowHandle dbos_typed.WorkflowHandleAsync dbos_typed.TypedHandle
        dbos_typed.TypedHandleAsync""",
}

BY_NAME: dict[str, str] = {
    **{name: text for text, names in _NAMED.items() for name in names.split()},
    # The base class itself says nothing; what is derived from it is a mapped object.
    "sqlalchemy.orm.DeclarativeBase": advice.MAPPED,
}
"""Classes that the runtime knows by name -> its advice, which holds for their subclasses, too."""

# What is derived from these may be anything.
_NO_BASES = frozenset({"asyncio.AbstractEventLoop", "numpy.generic", "_hashlib.HASH"})
_ONLY_BASES = frozenset({"sqlalchemy.orm.DeclarativeBase"})

_WITH_MARKS: dict[str, str] = {
    "__enter__": """concurrent.futures.Executor concurrent.futures.ThreadPoolExecutor
        concurrent.futures.ProcessPoolExecutor multiprocessing.pool.Pool multiprocessing.pool.ThreadPool
        multiprocessing.connection.Connection tempfile.TemporaryDirectory zipfile.ZipFile tarfile.TarFile mmap.mmap
        shelve.Shelf smtplib.SMTP smtplib.SMTP_SSL ftplib.FTP imaplib.IMAP4 imaplib.IMAP4_SSL socketserver.TCPServer
        xmlrpc.client.ServerProxy contextlib.AbstractContextManager contextlib.ExitStack contextlib.nullcontext
        contextlib.closing typing.ContextManager sqlalchemy.orm.scoped_session sqlalchemy.Transaction requests.Session
        requests.Response httpx.Client httpx.Response psycopg2.extensions.connection redis.Redis PIL.Image.Image
        openai.OpenAI anthropic.Anthropic dbos_typed.DBOSClient dbos_typed.SetWorkflowID
        werkzeug.datastructures.FileStorage flask.Request pika.BlockingConnection elasticsearch.Elasticsearch
        pymysql.connections.Connection""",
    "__aenter__": """asyncio.TaskGroup contextlib.AbstractAsyncContextManager contextlib.AsyncExitStack
        typing.AsyncContextManager httpx.AsyncClient aiohttp.ClientSession openai.AsyncOpenAI
        anthropic.AsyncAnthropic""",
    "close": """http.client.HTTPConnection http.client.HTTPSConnection asyncio.StreamWriter asyncio.Server
        asyncio.AbstractEventLoop logging.Handler logging.StreamHandler logging.FileHandler fastapi.Request
        fastapi.WebSocket starlette.requests.Request starlette.websockets.WebSocket starlette.datastructures.UploadFile
        flask.Response confluent_kafka.Consumer confluent_kafka.Producer aiohttp.ClientResponse
        multiprocessing.Process asyncpg.Connection botocore.client.BaseClient paramiko.SSHClient
        kafka.KafkaProducer""",
    "__next__": """asyncio.StreamReader csv.DictReader sqlite3.Cursor collections.abc.Iterator collections.abc.Generator
        typing.Iterator typing.Generator builtins.map builtins.filter builtins.zip builtins.enumerate builtins.reversed
        itertools.count itertools.cycle itertools.chain itertools.islice itertools.groupby itertools.product
        itertools.repeat itertools.starmap itertools.takewhile itertools.dropwhile itertools.accumulate
        itertools.permutations itertools.combinations itertools.zip_longest psycopg.Cursor psycopg2.extensions.cursor
        pymongo.MongoClient pymongo.collection.Collection pymongo.database.Database""",
    "__anext__": """collections.abc.AsyncIterator collections.abc.AsyncGenerator typing.AsyncIterator
        typing.AsyncGenerator psycopg.AsyncCursor sqlalchemy.ext.asyncio.AsyncResult""",
    "__await__": """collections.abc.Awaitable collections.abc.Coroutine typing.Awaitable typing.Coroutine
        redis.asyncio.Redis asyncpg.Pool""",
    "__aiter__": "collections.abc.AsyncIterable typing.AsyncIterable",
    "": """asyncio.Handle asyncio.TimerHandle tarfile.TarInfo zipfile.ZipInfo os.DirEntry csv.DictWriter ssl.SSLContext
        urllib.request.Request sqlite3.Row collections.abc.KeysView collections.abc.ValuesView
        collections.abc.ItemsView typing.KeysView typing.ValuesView typing.ItemsView
        types.CodeType types.SimpleNamespace types.MappingProxyType types.GenericAlias
        builtins.property builtins.super builtins.staticmethod builtins.classmethod functools.partialmethod
        functools.cached_property operator.itemgetter operator.attrgetter operator.methodcaller collections.ChainMap
        collections.UserDict collections.UserList collections.UserString contextvars.ContextVar contextvars.Token
        weakref.ReferenceType weakref.WeakKeyDictionary weakref.WeakValueDictionary weakref.WeakSet logging.LogRecord
        logging.Formatter random.Random random.SystemRandom string.Template array.array struct.Struct decimal.Context
        argparse.Namespace argparse.ArgumentParser configparser.ConfigParser email.message.Message
        email.message.EmailMessage xml.etree.ElementTree.Element xml.etree.ElementTree.ElementTree inspect.Signature
        inspect.Parameter sqlalchemy.orm.sessionmaker sqlalchemy.orm.Query sqlalchemy.ext.asyncio.async_sessionmaker
        sqlalchemy.Table sqlalchemy.MetaData sqlalchemy.Select sqlalchemy.TextClause fastapi.FastAPI fastapi.Response
        starlette.responses.Response fastapi.BackgroundTasks flask.Flask confluent_kafka.Message jinja2.Template
        jinja2.Environment httpx.Request pandas.Series asyncpg.Record boto3.session.Session bs4.BeautifulSoup
        requests.PreparedRequest os._Environ _hashlib.HASH
        dbos_typed.DBOS dbos_typed.Queue dbos_typed.DBOSConfiguredInstance dbos_typed.Event
        dbos_typed.Topic dbos_typed.Stream dbos_typed.Workflow""",
}

MARKED: dict[str, frozenset[str]] = {
    name: frozenset({mark} - {""}) for mark, names in _WITH_MARKS.items() for name in names.split()
}
"""Classes that the runtime judges by what their instances can do -> the name of it that decides."""

BUILTIN_BASES = frozenset(
    f"builtins.{name}" for name in ("str", "int", "float", "bytes", "dict", "list", "tuple", "set", "frozenset")
)
"""Classes whose subclasses would come back as another type."""


def is_known_base(name: str) -> bool:
    """Whether it is known what becomes of plain classes that are derived from a class."""
    if name in _NO_BASES:
        return False
    return name in BUILTIN_BASES or name in BY_NAME or name in MARKED


def advice_for(name: str) -> str | None:
    """Return the runtime's advice for a class that it refuses, given by its public name; None for any other."""
    if name in _ONLY_BASES:
        return None
    known = BY_NAME.get(name)
    if known is not None:
        return known
    marks = MARKED.get(name)
    return None if marks is None else advice.of_members(marks, ())
