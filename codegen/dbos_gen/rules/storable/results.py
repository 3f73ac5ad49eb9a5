"""What functions and methods outside the program give, where that cannot be stored."""

from __future__ import annotations

from dbos_gen.rules.storable.described import AnyOf, Described, Named

_NONE = Named("builtins.None")


def _of(name: str) -> Described:
    """Read ``name``, ``name?`` (or None) and ``name*`` (a list of them)."""
    if name.endswith("?"):
        return AnyOf((Named(name[:-1]), _NONE))
    return Named("builtins.list", (Named(name[:-1]),)) if name.endswith("*") else Named(name)


_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "request")

FUNCTIONS: dict[str, Described] = {
    name: _of(result)
    for result, names in {
        "io.TextIOWrapper": "builtins.open io.open os.fdopen codecs.open gzip.open bz2.open lzma.open os.popen",
        "tempfile._TemporaryFileWrapper": "tempfile.NamedTemporaryFile tempfile.TemporaryFile",
        "collections.abc.Iterator": """builtins.iter os.scandir os.walk glob.iglob re.finditer csv.reader
            itertools.chain.from_iterable""",
        "types.GeneratorType": "ast.walk",
        "re.Match?": "re.match re.search re.fullmatch",
        "subprocess.CompletedProcess": "subprocess.run",
        "sqlite3.Connection": "sqlite3.connect",
        "psycopg.Connection": "psycopg.connect psycopg.Connection.connect",
        "psycopg2.extensions.connection": "psycopg2.connect",
        "sqlalchemy.Engine": "sqlalchemy.create_engine sqlalchemy.engine.create_engine",
        "sqlalchemy.ext.asyncio.AsyncEngine": "sqlalchemy.ext.asyncio.create_async_engine",
        "sqlalchemy.Select": "sqlalchemy.select",
        "sqlalchemy.TextClause": "sqlalchemy.text sqlalchemy.sql.text",
        "http.client.HTTPResponse": "urllib.request.urlopen",
        "socket.socket": "socket.create_connection socket.create_server",
        "logging.Logger": "logging.getLogger",
        "threading.Thread": "threading.current_thread threading.main_thread",
        "asyncio.Task": "asyncio.create_task asyncio.ensure_future asyncio.current_task",
        "asyncio.Future": "asyncio.gather asyncio.shield asyncio.wrap_future",
        "asyncio.AbstractEventLoop": """asyncio.get_running_loop asyncio.get_event_loop asyncio.new_event_loop""",
        "types.CoroutineType": "asyncio.sleep asyncio.to_thread asyncio.wait_for asyncio.wait asyncio.open_connection",
        "types.ModuleType": "importlib.import_module builtins.__import__",
        "inspect.Signature": "inspect.signature",
        "types.FrameType?": "inspect.currentframe",
        "requests.Response": " ".join(f"requests.{verb}" for verb in _VERBS),
        "httpx.Response": " ".join(f"httpx.{verb}" for verb in _VERBS),
        "contextvars.Context": "contextvars.copy_context",
        "botocore.client.BaseClient": "boto3.client",
        "_hashlib.HASH": "hashlib.new hashlib.md5 hashlib.sha1 hashlib.sha256 hashlib.sha384 hashlib.sha512",
    }.items()
    for name in names.split()
}
"""Dotted name of a function -> what calling it gives."""

VALUES: dict[str, Described] = {
    "os.environ": Named("os._Environ"),
    "sys.stdin": Named("io.TextIOWrapper"),
    "sys.stdout": Named("io.TextIOWrapper"),
    "sys.stderr": Named("io.TextIOWrapper"),
}
"""Dotted name of a variable -> what it holds."""

_RESULT = {
    "sqlalchemy.Row*": "all fetchall fetchmany",
    "sqlalchemy.Row": "one",
    "sqlalchemy.Row?": "first one_or_none fetchone",
    "sqlalchemy.MappingResult": "mappings",
    "sqlalchemy.ScalarResult": "scalars",
}

METHODS: dict[tuple[str, str], Described] = {
    (owner, method): _of(result)
    for owner, results in {
        "sqlalchemy.orm.Session": {
            "sqlalchemy.Result": "execute",
            "sqlalchemy.ScalarResult": "scalars",
            "sqlalchemy.orm.Query": "query",
            "sqlalchemy.Connection": "connection",
        },
        "sqlalchemy.Connection": {"sqlalchemy.CursorResult": "execute", "sqlalchemy.ScalarResult": "scalars"},
        "sqlalchemy.Result": _RESULT,
        "sqlalchemy.CursorResult": _RESULT,
        "sqlalchemy.MappingResult": {
            "sqlalchemy.RowMapping*": "all fetchall fetchmany",
            "sqlalchemy.RowMapping": "one",
            "sqlalchemy.RowMapping?": "first one_or_none fetchone",
        },
        "sqlalchemy.Engine": {"sqlalchemy.Connection": "connect begin"},
        "sqlalchemy.orm.sessionmaker": {"sqlalchemy.orm.Session": "__call__ begin"},
        "sqlite3.Connection": {"sqlite3.Cursor": "execute executemany executescript cursor"},
        "sqlite3.Cursor": {"sqlite3.Cursor": "execute executemany"},
        "psycopg.Connection": {"psycopg.Cursor": "execute cursor"},
        "psycopg.Cursor": {"psycopg.Cursor": "execute"},
        "concurrent.futures.ThreadPoolExecutor": {
            "concurrent.futures.Future": "submit",
            "collections.abc.Iterator": "map",
        },
        "concurrent.futures.ProcessPoolExecutor": {
            "concurrent.futures.Future": "submit",
            "collections.abc.Iterator": "map",
        },
        "requests.Session": {"requests.Response": " ".join(_VERBS)},
        "httpx.Client": {"httpx.Response": " ".join(_VERBS)},
        "pathlib.Path": {"io.TextIOWrapper": "open", "types.GeneratorType": "iterdir glob rglob"},
        "re.Pattern": {"re.Match?": "match search fullmatch", "collections.abc.Iterator": "finditer"},
        "builtins.dict": {
            "collections.abc.KeysView": "keys",
            "collections.abc.ValuesView": "values",
            "collections.abc.ItemsView": "items",
        },
        "asyncio.AbstractEventLoop": {"asyncio.Task": "create_task", "asyncio.Future": "run_in_executor create_future"},
        "asyncio.TaskGroup": {"asyncio.Task": "create_task"},
    }.items()
    for result, methods in results.items()
    for method in methods.split()
}
"""Class and method -> what calling the method gives."""
