"""What the runtime's own operations are: recorded, blocking, refused in some places."""

from __future__ import annotations

import enum

from dbos_gen.vocabulary.runtimes import HANDLE_METHODS, OPERATIONS

ASYNC_SUFFIX = "_async"
_REFS = ("WorkflowRef", "StoredWorkflows", "ClientWorkflows", "WorkflowRefAsync", "StoredWorkflowsAsync")
STARTERS = frozenset(
    {"DBOS.start_workflow", "DBOS.enqueue", "Queue().enqueue"}
    | {f"{ref}().{method}" for ref in ("WorkflowRef", "WorkflowRefAsync") for method in ("start", "enqueue")}
)
"""What puts a new workflow under way, without ``_async``."""

WORKFLOW_ONLY = frozenset({"recv", "set_event", "sleep", "patch", "deprecate_patch"})
STREAM_WRITERS = frozenset({"write_stream", "close_stream"})
_ALSO_BLOCKING = frozenset({"patch", "deprecate_patch", "read_stream", "resume_workflows", "recover_pending_workflows"})
_NOT_IN_TRANSACTIONS = frozenset(
    {
        "send", "get_event", "get_all_events", "get_workflow_status", "retrieve_workflow", "cancel_workflow",
        "cancel_workflows", "delete_workflow", "resume_workflow",
        "resume_workflows", "restart_workflow", "fork_workflow", "list_workflows",
        "list_queued_workflows", "list_workflow_steps", "read_stream",
    }
)  # fmt: skip
_HANDLES = ("WorkflowHandle()", "WorkflowHandleAsync()")


class ExecutionContext(enum.Enum):
    """Where code runs, as far as the runtime distinguishes."""

    WORKFLOW = "a workflow"
    STEP = "a step"
    TRANSACTION = "a transaction"
    OUTSIDE = "no workflow"


class Group(enum.Enum):
    """Operations that are refused in the same places."""

    WORKFLOW_ONLY = "workflow only"
    STREAM_WRITER = "stream writer"
    STREAM_READER = "stream reader"
    STARTER = "starter"
    WORKFLOW_CALL = "call of a workflow"
    TRANSACTION_CALL = "call of a transaction"
    MANAGEMENT = "management"
    SESSION = "session"
    ENDING = "end of the transaction"
    WORKFLOW_VALUE = "value of the running workflow"


REFUSED = {
    Group.WORKFLOW_ONLY: {ExecutionContext.STEP, ExecutionContext.TRANSACTION, ExecutionContext.OUTSIDE},
    Group.STREAM_WRITER: {ExecutionContext.TRANSACTION, ExecutionContext.OUTSIDE},
    Group.STREAM_READER: {ExecutionContext.WORKFLOW, ExecutionContext.TRANSACTION},
    Group.STARTER: {ExecutionContext.STEP, ExecutionContext.TRANSACTION},
    Group.WORKFLOW_CALL: {ExecutionContext.STEP, ExecutionContext.TRANSACTION},
    Group.TRANSACTION_CALL: {ExecutionContext.STEP},
    Group.MANAGEMENT: {ExecutionContext.TRANSACTION},
    Group.SESSION: {ExecutionContext.WORKFLOW, ExecutionContext.STEP, ExecutionContext.OUTSIDE},
    Group.ENDING: {ExecutionContext.TRANSACTION},
    Group.WORKFLOW_VALUE: {ExecutionContext.OUTSIDE},
}
"""Where the runtime refuses each group."""


def plain(name: str) -> str:
    """Return the name of an operation's blocking form."""
    return name.removesuffix(ASYNC_SUFFIX)


def is_recorded(name: str) -> bool:
    """Whether an operation takes a step number in a workflow."""
    name = plain(name)
    owner, _, method = name.rpartition(".")
    if name in STARTERS:
        return True
    return method in HANDLE_METHODS if owner in _HANDLES else owner == "DBOS" and method in OPERATIONS


def group_of_call(name: str) -> Group | None:
    """Return the group of a called operation."""
    name = plain(name)
    owner, _, method = name.rpartition(".")
    if name in STARTERS:
        return Group.STARTER
    if owner in _HANDLES:
        return Group.MANAGEMENT if method == "get_result" else None
    if name.startswith("DBOS.sql_session."):
        return (
            Group.ENDING
            if method in ("commit", "rollback", "close", "begin") and name == f"DBOS.sql_session.{method}"
            else None
        )
    if owner != "DBOS":
        return None
    if method in WORKFLOW_ONLY:
        return Group.WORKFLOW_ONLY
    if method in STREAM_WRITERS:
        return Group.STREAM_WRITER
    if method == "read_stream":
        return Group.STREAM_READER
    return Group.MANAGEMENT if method in _NOT_IN_TRANSACTIONS else None


def group_of_read(name: str) -> Group | None:
    """Return the group of a value that is read from ``DBOS``."""
    if name == "DBOS.sql_session":
        return Group.SESSION
    return Group.WORKFLOW_VALUE if name == "DBOS.workflow_id" else None


def has_coroutine_form(name: str) -> bool:
    """Whether a called operation blocks while its twin with ``_async`` would not."""
    if name.endswith(ASYNC_SUFFIX):
        return False
    owner, _, method = name.rpartition(".")
    if name in ("DBOS.start_workflow", "Queue().enqueue", "DBOS.enqueue"):
        return True
    return owner == "DBOS" and (method in OPERATIONS or method in _ALSO_BLOCKING)
