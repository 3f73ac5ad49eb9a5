"""What is known of names outside the project: what calls and attributes of the runtime and of libraries give."""

from __future__ import annotations

PATHS = frozenset({"pathlib.Path()", "pathlib.PurePath()", "pathlib.PosixPath()"})
CLOSED_UNDER_OPERATORS = frozenset({*PATHS, "builtins.set()", "builtins.frozenset()", "builtins.str()"})
"""Values whose operators give more of the same: ``path / "x"``, ``seen | {1}``."""

SAME_FUNCTION = frozenset({"functools.lru_cache()", "functools.cache", "functools.wraps()", "builtins.staticmethod"})
"""What gives the function back that it is called with, as far as the rules care."""

ITERABLES = frozenset(
    {
        "list", "List", "set", "Set", "frozenset", "FrozenSet", "tuple", "Tuple", "Sequence", "MutableSequence",
        "Iterable", "Iterator", "Collection", "Generator", "AsyncIterator", "AsyncIterable", "deque", "AbstractSet",
    }
)  # fmt: skip
"""Generic types whose first argument is what they give one after the other."""

ITERATED = {"paths": "pathlib.Path()"}
"""What the items of some results are."""

SUBSCRIPTED = frozenset({"pymongo.MongoClient()", "motor.motor_asyncio.AsyncIOMotorClient()"})
"""Values whose items lead to their database as they do: ``client["db"]["orders"]``."""

AWAITED = (".create_pool()", ".connect()", ".connect_robust()")
"""Coroutines of libraries that give what the rules know under the same name: ``await asyncpg.create_pool()``."""

SEEDED = frozenset({"random.Random", "numpy.random.default_rng", "numpy.random.RandomState", "numpy.random.Generator"})
"""What is made with a seed or without: ``random.Random()`` is one without, ``random.Random(seed)`` one with."""

TYPING_ALIASES = {
    "Set": "builtins.set",
    "FrozenSet": "builtins.frozenset",
    "AbstractSet": "builtins.set",
    "MutableSet": "builtins.set",
    "List": "builtins.list",
    "Dict": "builtins.dict",
}

_SAME_PATH = (
    "parent", "resolve()", "absolute()", "joinpath()", "with_suffix()", "with_name()", "with_stem()", "expanduser()",
    "relative_to()",
)  # fmt: skip
_SAME_SET = ("union()", "intersection()", "difference()", "symmetric_difference()", "copy()")
_NORMAL = {
    **{f"pathlib.Path().{member}": "pathlib.Path()" for member in _SAME_PATH},
    **{f"builtins.set().{member}": "builtins.set()" for member in _SAME_SET},
    **{f"builtins.frozenset().{member}": "builtins.set()" for member in _SAME_SET},
    "pathlib.PosixPath()": "pathlib.Path()",
    "pathlib.Path.cwd()": "pathlib.Path()",
    "pathlib.Path.home()": "pathlib.Path()",
    "builtins.frozenset()": "builtins.set()",
    "collections.abc.Set()": "builtins.set()",
    "collections.abc.MutableSet()": "builtins.set()",
    "datetime.datetime()": "datetime.datetime()",
    **{f"pathlib.Path().{method}()": "paths" for method in ("iterdir", "glob", "rglob")},
    "requests.sessions.Session": "requests.Session",
    "requests.session()": "requests.Session()",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.process.ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "multiprocessing.pool.Pool": "multiprocessing.Pool",
}


def normal(name: str) -> str:
    """Return the one name under which a thing with several is known."""
    return _NORMAL.get(name, name)


# Public names of the runtime that star imports bring.
RUNTIME_NAMES = frozenset(
    {
        "DBOS", "DBOSClient", "DBOSConfiguredInstance", "DBOSContextEnsure", "DBOSContextSetAuth", "EnqueueOptions",
        "Event", "Queue", "SetEnqueueOptions", "SetWorkflowID", "SetWorkflowTimeout", "Stream", "Topic", "Workflow",
        "WorkflowHandle", "WorkflowHandleAsync", "WorkflowStatus", "error",
    }
)  # fmt: skip

RUNTIME_INSTANCES = {"DBOS": "DBOS"}
"""Classes whose instances are known by another name than ``Class()``."""

_HANDLE, _HANDLE_ASYNC, _QUEUE = "WorkflowHandle()", "WorkflowHandleAsync()", "Queue()"
_GIVING_HANDLES = ("retrieve_workflow", "resume_workflow", "restart_workflow", "fork_workflow")
_REFS = ("WorkflowRef", "StoredWorkflows", "ClientWorkflows")
_REF_METHODS = ("start", "enqueue", "retrieve", "resume", "restart", "fork")
# Callable -> whether it gives a coroutine, and what it gives (in the end).
RUNTIME_RESULTS: dict[str, tuple[bool, str | None]] = {
    "DBOS": (False, "DBOS"),
    **{
        f"{owner}.{method}": (False, _HANDLE)
        for owner in ("DBOS", "DBOSClient()")
        for method in ("start_workflow", "enqueue", *_GIVING_HANDLES)
    },
    **{
        f"{owner}.{method}_async": (True, _HANDLE_ASYNC)
        for owner in ("DBOS", "DBOSClient()")
        for method in ("start_workflow", "enqueue", *_GIVING_HANDLES)
    },
    "Queue().enqueue": (False, _HANDLE),
    "Queue().enqueue_async": (True, _HANDLE_ASYNC),
    "DBOS.register_queue": (False, _QUEUE),
    "DBOS.retrieve_queue": (False, _QUEUE),
    "DBOS.read_stream_async": (False, None),
    **{f"{ref}().{method}": (False, _HANDLE) for ref in _REFS for method in _REF_METHODS},
    **{f"{ref}Async().{method}": (True, _HANDLE_ASYNC) for ref in _REFS for method in _REF_METHODS},
    **{f"{ref}().via": (False, "ClientWorkflows()") for ref in _REFS},
    **{f"{ref}Async().via": (False, "ClientWorkflowsAsync()") for ref in _REFS},
    f"{_HANDLE_ASYNC}.get_result": (True, None),
    f"{_HANDLE_ASYNC}.get_status": (True, None),
}
