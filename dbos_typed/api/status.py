"""What a workflow looks like from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypedDict, TypeVar

from dbos_typed.codec import CallPlan, Plan, UndecodableValue
from dbos_typed.core.engine import Engine
from dbos_typed.error import DBOSSerializationError
from dbos_typed.records import StepRecord, WorkflowRecord

R_co = TypeVar("R_co", covariant=True)

StatusName: TypeAlias = Literal["ENQUEUED", "PENDING", "SUCCESS", "ERROR", "CANCELLED", "RETRIES_EXCEEDED", "UNKNOWN"]
"""UNKNOWN: another version of dbos_typed stored one that this one does not know."""


class WorkflowInputs(TypedDict):
    """The arguments with which a workflow was started."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStatus(Generic[R_co]):
    """A workflow as it was stored at the moment of asking. Times are milliseconds since the Unix epoch.

    A listing shows every workflow that there is. An input or output that cannot be read here is an UndecodableValue, an
    error that cannot is the DBOSSerializationError that says so, and `unreadable` tells of everything else.
    """

    workflow_id: str
    status: StatusName
    name: str
    """The registered name of the function."""
    class_name: str | None
    config_name: str | None
    """The name of the configured instance, for methods."""
    authenticated_user: str | None
    assumed_role: str | None
    authenticated_roles: list[str] | None
    input: WorkflowInputs | UndecodableValue | None
    output: R_co | None
    error: Exception | None
    created_at: int | None
    updated_at: int | None
    queue_name: str | None
    executor_id: str | None
    """The executor that ran it last."""
    app_version: str | None
    recovery_attempts: int | None
    parent_workflow_id: str | None
    deadline: int | None
    """When it is cancelled if it has not ended."""
    unreadable: str | None = None
    """Why the workflow cannot be run here: what its row holds that cannot be read, which shows as None or in angle
    brackets above. None: all was read.
    """

    def __repr__(self) -> str:
        outcome = ""
        if self.error is not None:
            outcome = f", error={self.error!r}"
        elif self.status == "SUCCESS":
            outcome = f", output={self.output!r}"
        if self.unreadable is not None:
            outcome += f", unreadable: {self.unreadable}"
        return f"<WorkflowStatus {self.workflow_id!r} {self.name} {self.status}{outcome}>"


class StepInfo(TypedDict):
    """One recorded call of a workflow."""

    function_id: int
    """Its number, from 1; below zero when it cannot be read."""
    function_name: str
    output: Any
    """What it returned; UndecodableValue when that cannot be read here."""
    error: Exception | None
    child_workflow_id: str | None
    started_at_epoch_ms: int | None
    completed_at_epoch_ms: int | None
    unreadable: str | None
    """What of the record cannot be read here, and how it reads; None: all was read."""


def step_info(engine: Engine, record: StepRecord) -> StepInfo:
    """A record as users see it."""
    return StepInfo(
        function_id=record.number,
        function_name=record.name,
        output=None if record.output is None else engine.dynamic.try_decode(record.output),
        error=_error(engine, record.error),
        child_workflow_id=record.child_id,
        started_at_epoch_ms=_number(record.started_at),
        completed_at_epoch_ms=_number(record.completed_at),
        unreadable=record.unreadable,
    )


def status_of(engine: Engine, record: WorkflowRecord) -> WorkflowStatus[Any]:
    """The status of a stored workflow; a value that cannot be read shows as UndecodableValue with the reason."""
    auth = record.auth
    return WorkflowStatus(
        workflow_id=record.workflow_id,
        status=record.status.value,
        name=record.name,
        class_name=record.class_name,
        config_name=record.config_name,
        authenticated_user=auth.user,
        assumed_role=auth.assumed_role,
        authenticated_roles=None if auth.roles is None else list(auth.roles),
        input=_inputs(engine.calls_of(record.name, record.class_name), record.inputs) if record.inputs else None,
        output=None if record.output is None else _output(engine, record, record.output),
        error=_error(engine, record.error),
        created_at=_number(record.created_at),
        updated_at=_number(record.updated_at),
        queue_name=record.queue_name,
        executor_id=record.executor_id,
        app_version=record.app_version,
        recovery_attempts=_number(record.recovery_attempts),
        parent_workflow_id=record.parent_workflow_id,
        deadline=record.deadline,
        unreadable=record.unreadable,
    )


def result_plan(engine: Engine, record: WorkflowRecord) -> Plan[Any]:
    """How the result of a stored workflow is read: by its function's annotation where that is known."""
    return engine.registry.result_plan(record.name) or engine.dynamic


def _error(engine: Engine, text: str | None) -> Exception | None:
    """The stored error; when it cannot be read, the error that says so."""
    if text is None:
        return None
    try:
        return engine.codec.decode_error(text)
    except DBOSSerializationError as undecodable:
        return undecodable


def _output(engine: Engine, record: WorkflowRecord, text: str) -> object:
    try:
        plan = result_plan(engine, record)
    except DBOSSerializationError as error:
        # The annotation of a function that was not checked yet.
        return UndecodableValue(reason=error.message, text=text)
    return plan.try_decode(text)


def _number(stored: int) -> int | None:
    """The number, or None for the stand-in of one that cannot be read."""
    return None if stored < 0 else stored


def _inputs(calls: CallPlan, text: str) -> WorkflowInputs | UndecodableValue:
    arguments = calls.try_decode(text)
    if isinstance(arguments, UndecodableValue):
        return arguments
    args, kwargs = arguments
    return WorkflowInputs(args=args, kwargs=kwargs)
