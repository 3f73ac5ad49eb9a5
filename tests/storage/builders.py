"""Records and writes for tests, with every field that a test does not care about filled in."""

import uuid
from typing import Any

from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import (
    CancelWorkflow,
    ClaimPurpose,
    ClaimWorkflow,
    FinishWorkflow,
    RecordedStep,
    SendMessage,
    SetEvent,
    TakeMessage,
)
from dbos_typed.records import StepKind, StepRecord, WorkflowRecord, WorkflowStatusString

NOW = 1_700_000_000_000


def new_id() -> str:
    """An id that no other test uses: all tests of a run share one database of each kind."""
    return f"w-{uuid.uuid4().hex}"


def workflow(workflow_id: str | None = None, **fields: Any) -> WorkflowRecord:
    """A PENDING workflow; `run_token` is new."""
    given: dict[str, Any] = {
        "workflow_id": workflow_id or new_id(),
        "status": WorkflowStatusString.PENDING,
        "name": "checkout",
        "inputs": "[]",
        "executor_id": "executor-1",
        "app_version": "v1",
        "run_token": new_run_token(),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return WorkflowRecord(**(given | fields))


def recorded(owner: WorkflowRecord, number: int = 1, *, token: int | None = None, **fields: Any) -> RecordedStep:
    """A step of `owner`, recorded by the run that owns it unless `token` is given."""
    given: dict[str, Any] = {
        "workflow_id": owner.workflow_id,
        "number": number,
        "name": "charge",
        "kind": StepKind.STEP,
        "started_at": NOW,
        "completed_at": NOW + 5,
    }
    return RecordedStep(step=StepRecord(**(given | fields)), run_token=owner.run_token if token is None else token)


def send(
    destination: WorkflowRecord | str,
    payload: str = '"hello"',
    *,
    topic: str | None = None,
    sender: RecordedStep | None = None,
    message_id: str | None = None,
) -> SendMessage:
    """A message with an id of its own."""
    return SendMessage(
        message_id=message_id or uuid.uuid4().hex,
        destination_id=destination if isinstance(destination, str) else destination.workflow_id,
        topic=topic,
        payload=payload,
        at=NOW,
        sender=sender,
    )


def take(record: RecordedStep, topic: str | None = None) -> TakeMessage:
    """Receive the oldest message of the topic as this step."""
    return TakeMessage(topic=topic, record=record)


def set_event(record: RecordedStep, key: str = "progress", value: str = "1") -> SetEvent:
    """Set an event as this step."""
    return SetEvent(key=key, value=value, record=record)


def finish(
    owner: WorkflowRecord,
    *,
    token: int | None = None,
    status: WorkflowStatusString = WorkflowStatusString.SUCCESS,
    output: str | None = '"done"',
    error: str | None = None,
) -> FinishWorkflow:
    """The outcome of `owner`, stored by the run that owns it unless `token` is given."""
    return FinishWorkflow(
        workflow_id=owner.workflow_id,
        run_token=owner.run_token if token is None else token,
        status=status,
        output=output,
        error=error,
        queue_name=owner.queue_name,
        at=NOW + 10,
    )


def cancel(owner: WorkflowRecord) -> CancelWorkflow:
    """Cancel `owner`."""
    return CancelWorkflow(workflow_id=owner.workflow_id, at=NOW + 20)


def claim(
    owner: WorkflowRecord, *, expected: int | None = None, purpose: ClaimPurpose = ClaimPurpose.RECOVERY
) -> ClaimWorkflow:
    """Take `owner` over with a new token from the run that owns it, or from `expected`."""
    return ClaimWorkflow(
        workflow_id=owner.workflow_id,
        expected_token=owner.run_token if expected is None else expected,
        run_token=new_run_token(),
        executor_id="executor-2",
        app_version="v2",
        purpose=purpose,
        at=NOW + 30,
    )
