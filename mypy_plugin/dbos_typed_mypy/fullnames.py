"""Full names of what the plugin knows about the runtime. A test resolves each of them."""

from __future__ import annotations

from typing import Final

API: Final = "dbos_typed.api"
"""The package whose classes users call. Their own types say which methods start workflows, take keys or block."""

FACADE: Final = "dbos_typed.facade"
"""The package of the class that is put together from them."""

DBOS: Final = f"{FACADE}.dbos.DBOS"
WORKFLOW_HANDLE: Final = f"{API}.handles.WorkflowHandle"

WORKFLOW_PROTOCOL: Final = f"{API}.functions.Workflow"
WORKFLOW_FUNCTION: Final = f"{API}.functions.WorkflowFunction"
WORKFLOW_DECORATOR: Final = f"{API}.functions.WorkflowDecorator"
STEP_DECORATOR: Final = f"{API}.functions.StepDecorator"
TRANSACTION_DECORATOR: Final = f"{API}.functions.TransactionDecorator"

KINDS: Final = {WORKFLOW_DECORATOR: "workflow", STEP_DECORATOR: "step", TRANSACTION_DECORATOR: "transaction"}
"""What the runtime makes of a function, by the decorator."""

KEYS: Final = (f"{API}.keys.Event", f"{API}.keys.Topic", f"{API}.keys.Stream")

COROUTINE: Final = "typing.Coroutine"

WORKFLOW: Final = f"{DBOS}.workflow"
STEP: Final = f"{DBOS}.step"
TRANSACTION: Final = f"{DBOS}.transaction"

QUEUE: Final = f"{API}.queue.Queue"

ASYNC_SUFFIX: Final = "_async"
"""A method that has a twin with this suffix blocks the caller's thread."""

BLOCKING_ON_HANDLE: Final = frozenset({"get_result", "get_status"})
"""Methods that block the thread; their coroutine forms belong to the handle that the `_async` starters give."""

STARTING_ON_QUEUE: Final = frozenset({"enqueue", "enqueue_async"})
"""Methods that a step and a transaction may not call."""

STORING: Final = frozenset(
    f"{name}{suffix}" for name in ("set_event", "send", "write_stream") for suffix in ("", ASYNC_SUFFIX)
)
"""Methods that store a value that they are given."""


KNOWN_BY_PROGRAM: Final = frozenset({"get_event", "get_event_async"})
"""Methods whose results the program may know better than their annotations say."""

REFS: Final = f"{API}.refs"
"""Generated handles are based on it: their own annotations say everything."""

CLIENT: Final = f"{API}.client.DBOSClient"


def short(fullname: str) -> str:
    """The last part of a name."""
    return fullname.rpartition(".")[2]
