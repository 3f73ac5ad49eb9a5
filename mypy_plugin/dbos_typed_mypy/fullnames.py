"""Full names of what the plugin knows about the runtime. A test resolves each of them."""

from __future__ import annotations

from typing import Final

API: Final = "dbos_typed.api"
"""The package whose classes users call. Their own types say which methods start workflows, take keys or block."""

DBOS: Final = f"{API}.facade.DBOS"
WORKFLOW_HANDLE: Final = f"{API}.handles.WorkflowHandle"

WORKFLOW_PROTOCOL: Final = f"{API}.functions.Workflow"
WORKFLOW_FUNCTION: Final = f"{API}.functions.WorkflowFunction"
WORKFLOW_DECORATOR: Final = f"{API}.functions.WorkflowDecorator"
STEP_DECORATOR: Final = f"{API}.functions.StepDecorator"
TRANSACTION_DECORATOR: Final = f"{API}.functions.TransactionDecorator"

KEYS: Final = (f"{API}.keys.Event", f"{API}.keys.Topic", f"{API}.keys.Stream")

COROUTINE: Final = "typing.Coroutine"

WORKFLOW: Final = f"{DBOS}.workflow"
STEP: Final = f"{DBOS}.step"
TRANSACTION: Final = f"{DBOS}.transaction"

WORKFLOW_ONLY: Final = (f"{DBOS}.recv", f"{DBOS}.set_event", f"{DBOS}.sleep")
"""What a workflow alone may call, in both forms."""

BLOCKING_ON_HANDLE: Final = (f"{WORKFLOW_HANDLE}.get_result", f"{WORKFLOW_HANDLE}.get_status")
"""What blocks the caller's thread, while its coroutine form belongs to the handle that the `_async` starters give."""

SQL_SESSION: Final = f"{DBOS}.sql_session"
"""The session of the running transaction."""

ENDING_TRANSACTION: Final = ("sqlalchemy.orm.session.Session.commit", "sqlalchemy.orm.session.Session.rollback")
"""What a transaction function leaves to the runtime."""

ASYNC_SUFFIX: Final = "_async"
"""A method that has a twin with this suffix blocks the caller's thread."""


def short(fullname: str) -> str:
    """The last part of a name."""
    return fullname.rpartition(".")[2]
