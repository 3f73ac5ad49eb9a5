"""Why a value or class cannot be stored, and what to do instead."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

_DATA = "return or pass plain data instead"
_OPEN_INSIDE = "open it inside the step that uses it, and pass what it is opened from"
_A_FILE = "it is an open file: read it inside the step, and store its path or content"
_A_QUEUE = "it is a queue of this process: enqueue a workflow, or use DBOS.send and DBOS.recv"

# By module and name, so that nothing has to be imported to recognize it.
_BY_NAME: dict[str, str] = {
    "builtins:coroutine": "it is a coroutine: was an `await` forgotten?",
    "builtins:async_generator": "it is an asynchronous generator: collect it into a list first",
    "builtins:generator": "it is a generator: collect it into a list first, list(...)",
    "builtins:function": "it is a function: store the name of what is to be called",
    "builtins:builtin_function_or_method": "it is a function: store the name of what is to be called",
    "builtins:method": "it is a method: store what it needs to be found again",
    "builtins:module": "it is a module: import it where it is used",
    "builtins:type": "it is a class: store its name",
    "builtins:memoryview": "it is a memoryview: store bytes(view)",
    "builtins:slice": "it is a slice: store its bounds",
    "builtins:frame": f"it is a frame: {_DATA}",
    "builtins:traceback": f"it is a traceback: {_DATA}, e.g. traceback.format_exc()",
    "collections.abc:Callable": "it is a function: store the name of what is to be called",
    "functools:partial": "it is a function: store the name of what is to be called and its arguments",
    "_thread:lock": "it is a lock: create it inside the step that uses it",
    "_thread:RLock": "it is a lock: create it inside the step that uses it",
    "threading:Condition": "it is a lock: create it inside the step that uses it",
    "threading:Barrier": "it is a lock: create it inside the step that uses it",
    "asyncio.locks:Condition": "it is a lock: create it inside the step that uses it",
    "asyncio.locks:Semaphore": "it is a lock: create it inside the step that uses it",
    "asyncio.locks:Barrier": "it is a lock: create it inside the step that uses it",
    "threading:Event": "it is a threading event: wait inside one step, or use DBOS.recv or DBOS.get_event",
    "threading:Semaphore": "it is a lock: create it inside the step that uses it",
    "threading:Thread": "it is a thread: start a workflow or enqueue instead",
    "queue:Queue": _A_QUEUE,
    "_queue:SimpleQueue": _A_QUEUE,
    "asyncio.queues:Queue": _A_QUEUE,
    "multiprocessing.queues:Queue": _A_QUEUE,
    "logging:Logger": "it is a logger: get it where it is used, or use DBOS.logger",
    "logging:LoggerAdapter": "it is a logger: get it where it is used, or use DBOS.logger",
    "_thread:_local": f"it is thread-local state: {_DATA}",
    "asyncio.locks:Lock": "it is a lock: create it inside the step that uses it",
    "asyncio.locks:Event": "it is an asyncio event: wait inside one step, or use DBOS.recv or DBOS.get_event",
    "_asyncio:Task": "it is a task: was an `await` forgotten?",
    "_asyncio:Future": "it is a future: was an `await` forgotten?",
    "asyncio.futures:Future": "it is a future: was an `await` forgotten?",
    "concurrent.futures._base:Future": "it is a future: store its result()",
    "io:IOBase": _A_FILE,
    "_io:_IOBase": _A_FILE,
    "typing:IO": _A_FILE,
    "tempfile:_TemporaryFileWrapper": _A_FILE,
    "socket:socket": f"it is a socket: {_OPEN_INSIDE}",
    "_socket:socket": f"it is a socket: {_OPEN_INSIDE}",
    "contextvars:Context": f"it is a context: {_DATA}",
    "_contextvars:Context": f"it is a context: {_DATA}",
    "sqlite3:Connection": f"it is a database connection: {_OPEN_INSIDE}",
    "sqlalchemy.orm.session:Session": f"it is a database session: {_OPEN_INSIDE}, or use DBOS.sql_session",
    "sqlalchemy.ext.asyncio.session:AsyncSession": f"it is a database session: {_OPEN_INSIDE}",
    "sqlalchemy.engine.base:Connection": f"it is a database connection: {_OPEN_INSIDE}",
    "sqlalchemy.engine.base:Engine": f"it is a database engine: {_OPEN_INSIDE}",
    "sqlalchemy.engine.result:Result": "it is a database result: store its rows, e.g. [tuple(row) for row in result]",
    "sqlalchemy.engine.row:Row": "it is a database row: store tuple(row) or dict(row._mapping)",
    "sqlalchemy.orm.decl_api:DeclarativeBase": "it is a mapped object of a session: store its key or its fields",
    "psycopg:Connection": f"it is a database connection: {_OPEN_INSIDE}",
    "psycopg:AsyncConnection": f"it is a database connection: {_OPEN_INSIDE}",
    "sqlalchemy.ext.asyncio.engine:AsyncConnection": f"it is a database connection: {_OPEN_INSIDE}",
    "sqlalchemy.ext.asyncio.engine:AsyncEngine": f"it is a database engine: {_OPEN_INSIDE}",
    "sqlalchemy.engine.row:RowMapping": "it is a database row: store dict(row)",
    "sqlalchemy.engine.result:ScalarResult": "it is a database result: store its values, e.g. list(result)",
    "sqlalchemy.engine.result:MappingResult": "it is a database result: store [dict(row) for row in result]",
    "subprocess:CompletedProcess": "it is the result of a process: store its returncode and its stdout",
    "subprocess:Popen": "it is a running process: wait for it inside the step, and store its returncode and output",
    "re:Match": "it is a match: store match.group() or match.groupdict()",
    "numpy:ndarray": "it is a numpy array: store array.tolist()",
    "numpy:generic": "it is a numpy scalar: store scalar.item()",
    "pandas.core.frame:DataFrame": "it is a data frame: store frame.to_dict('records')",
    "pandas:DataFrame": "it is a data frame: store frame.to_dict('records')",
}

_BY_CALLABLE_NAME = {"lock": "_thread:lock", "allocate_lock": "_thread:lock", "RLock": "_thread:RLock"}


def name_of(cls: type[Any]) -> str:
    """A class as people write it: `int`, `shop.models.Order`."""
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def refuse(cls: type[Any]) -> str:
    """Why instances of `cls` cannot be stored, and what to do."""
    for base in cls.__mro__:
        advice = _BY_NAME.get(f"{base.__module__}:{base.__qualname__}")
        if advice is not None:
            break
    else:
        advice = _advise(cls)
    return f"a {name_of(cls)} cannot be stored: {advice}"


def refuse_object(thing: object) -> str:
    """Why something that stands where a type is expected is none."""
    known_as = _BY_CALLABLE_NAME.get(getattr(thing, "__name__", ""))
    if known_as is not None and getattr(thing, "__module__", "") in {"_thread", "threading"}:
        return f"a {known_as.replace(':', '.')} cannot be stored: {_BY_NAME[known_as]}"
    return f"{thing!r} is no type that can be stored: annotate with the type of the data, or with Any"


def is_handle(cls: type[Any]) -> bool:
    """Whether instances of `cls` stand for a running workflow."""
    return hasattr(cls, "get_result") and (hasattr(cls, "workflow_id") or hasattr(cls, "get_workflow_id"))


def _advise(cls: type[Any]) -> str:
    for is_such, advice in _BY_KIND:
        if is_such(cls):
            return advice
    for builtin in (str, int, float, bytes, dict, list, tuple, set, frozenset):
        if issubclass(cls, builtin):
            name = builtin.__name__
            return f"it is a subclass of {name} that would come back as another type: store {name}(value)"
    return "make it a dataclass, NamedTuple, TypedDict, attrs class or pydantic model, or store plain data"


def _has(*names: str) -> Callable[[type[Any]], bool]:
    return lambda cls: any(hasattr(cls, name) for name in names)


# The first that applies counts.
_BY_KIND: tuple[tuple[Callable[[type[Any]], bool], str], ...] = (
    (lambda cls: issubclass(cls, type), _BY_NAME["builtins:type"]),
    (_has("_sa_class_manager"), _BY_NAME["sqlalchemy.orm.decl_api:DeclarativeBase"]),
    (
        is_handle,
        "it is a workflow handle: store handle.workflow_id, and DBOS.retrieve_workflow(...) where it is needed",
    ),
    (_has("__await__"), "it is awaitable: was an `await` forgotten?"),
    (_has("__next__", "__anext__"), "it is an iterator: collect it into a list first"),
    (_has("__enter__", "__aenter__", "close"), f"it is a resource: {_OPEN_INSIDE}"),
    (lambda cls: issubclass(cls, types.FunctionType), _BY_NAME["builtins:function"]),
)
