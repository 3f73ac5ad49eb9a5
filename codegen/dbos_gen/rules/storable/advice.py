"""Why a value cannot be stored and what to do instead, in the words of the runtime."""

from __future__ import annotations

from collections.abc import Collection, Iterable

OPEN_INSIDE = "open it inside the step that uses it, and pass what it is opened from"
LOCK = "it is a lock: create it inside the step that uses it"
THREAD_EVENT = "it is a threading event: wait inside one step, or use DBOS.recv or DBOS.get_event"
ASYNC_EVENT = "it is an asyncio event: wait inside one step, or use DBOS.recv or DBOS.get_event"
THREAD = "it is a thread: start a workflow or enqueue instead"
THREAD_LOCAL = "it is thread-local state: return or pass plain data instead"
QUEUE = "it is a queue of this process: enqueue a workflow, or use DBOS.send and DBOS.recv"
LOGGER = "it is a logger: get it where it is used, or use DBOS.logger"
TASK = "it is a task: was an `await` forgotten?"
FUTURE = "it is a future: was an `await` forgotten?"
RESULT_OF_FUTURE = "it is a future: store its result()"
FILE = "it is an open file: read it inside the step, and store its path or content"
SOCKET = f"it is a socket: {OPEN_INSIDE}"
CONNECTION = f"it is a database connection: {OPEN_INSIDE}"
ENGINE = f"it is a database engine: {OPEN_INSIDE}"
SESSION = f"it is a database session: {OPEN_INSIDE}, or use DBOS.sql_session"
ASYNC_SESSION = f"it is a database session: {OPEN_INSIDE}"
RESULT = "it is a database result: store its rows, e.g. [tuple(row) for row in result]"
SCALARS = "it is a database result: store its values, e.g. list(result)"
MAPPINGS = "it is a database result: store [dict(row) for row in result]"
ROW = "it is a database row: store tuple(row) or dict(row._mapping)"
ROW_MAPPING = "it is a database row: store dict(row)"
MAPPED = "it is a mapped object of a session: store its key or its fields"
COMPLETED = "it is the result of a process: store its returncode and its stdout"
PROCESS = "it is a running process: wait for it inside the step, and store its returncode and output"
MATCH = "it is a match: store match.group() or match.groupdict()"
FUNCTION = "it is a function: store the name of what is to be called"
PARTIAL = "it is a function: store the name of what is to be called and its arguments"
METHOD = "it is a method: store what it needs to be found again"
MODULE = "it is a module: import it where it is used"
CLASS = "it is a class: store its name"
MEMORYVIEW = "it is a memoryview: store bytes(view)"
SLICE = "it is a slice: store its bounds"
FRAME = "it is a frame: return or pass plain data instead"
TRACEBACK = "it is a traceback: return or pass plain data instead, e.g. traceback.format_exc()"
CONTEXT = "it is a context: return or pass plain data instead"
COROUTINE = "it is a coroutine: was an `await` forgotten?"
GENERATOR = "it is a generator: collect it into a list first, list(...)"
ASYNC_GENERATOR = "it is an asynchronous generator: collect it into a list first"
ARRAY = "it is a numpy array: store array.tolist()"
NUMPY_SCALAR = "it is a numpy scalar: store scalar.item()"
FRAME_OF_DATA = "it is a data frame: store frame.to_dict('records')"
HANDLE = "it is a workflow handle: store handle.workflow_id, and DBOS.retrieve_workflow(...) where it is needed"
AWAITABLE = "it is awaitable: was an `await` forgotten?"
ITERATOR = "it is an iterator: collect it into a list first"
RESOURCE = f"it is a resource: {OPEN_INSIDE}"
OTHER = "make it a dataclass, NamedTuple, TypedDict, attrs class or pydantic model, or store plain data"

_SUBCLASSED = ("str", "int", "float", "bytes", "dict", "list", "tuple", "set", "frozenset")


def of_members(members: Collection[str], bases: Iterable[str]) -> str:
    """Advice for a class that is known by no name, from what its instances can do and what it is derived from."""
    if is_handle(members):
        return HANDLE
    if "__await__" in members:
        return AWAITABLE
    if "__next__" in members or "__anext__" in members:
        return ITERATOR
    if "__enter__" in members or "__aenter__" in members or "close" in members:
        return RESOURCE
    derived = set(bases)
    for name in _SUBCLASSED:
        if f"builtins.{name}" in derived:
            return f"it is a subclass of {name} that would come back as another type: store {name}(value)"
    return OTHER


def is_handle(members: Collection[str]) -> bool:
    """Whether instances stand for a running workflow."""
    return "get_result" in members and ("workflow_id" in members or "get_workflow_id" in members)
