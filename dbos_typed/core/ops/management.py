"""Looking at workflows and steering them. In a workflow these calls are recorded; in a step they are plain calls."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from dbos_typed.codec import Plan
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.effects import Commit, CommitAll, Operation, Query, Spawn, WaitFor
from dbos_typed.core.engine import INTERNAL_QUEUE, Engine
from dbos_typed.core.liveness import SECOND_LOOK_SECONDS, Life, is_stranded, life_of
from dbos_typed.core.names import check_id, check_names
from dbos_typed.core.ops.execution import begin_claimed, take_over
from dbos_typed.core.ops.recording import recorded_operation
from dbos_typed.core.ops.recovery import can_run, refuse_unreadable, resolve_run
from dbos_typed.core.ops.results import GET_STATUS, find
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.core.run import Run, new_run_token
from dbos_typed.core.writes import (
    CancelWorkflow,
    ClaimPurpose,
    ClaimWorkflow,
    CopiedSteps,
    CreateWorkflow,
    DeleteWorkflow,
    Fenced,
)
from dbos_typed.error import (
    DBOSConflictingWorkflowError,
    DBOSContextError,
    DBOSNonExistentWorkflowError,
    DBOSWorkflowTypeMismatchError,
)
from dbos_typed.records import FINAL, StepRecord, WorkflowRecord, WorkflowStatusString

T = TypeVar("T")

CANCEL = "DBOS.cancelWorkflow"
RESUME = "DBOS.resumeWorkflow"
FORK = "DBOS.forkWorkflow"
DELETE = "DBOS.deleteWorkflow"
LIST = "DBOS.listWorkflows"
LIST_QUEUED = "DBOS.listQueuedWorkflows"
LIST_STEPS = "DBOS.listWorkflowSteps"
ALL_EVENTS = "DBOS.getAllEvents"


def _recorded(engine: Engine, frame: Frame, name: str, annotation: object, body: Operation[T]) -> Operation[T]:
    _refuse_in_transaction(frame, name, body)
    if frame.run is None or frame.scope is not Scope.WORKFLOW:
        return traced_operation(engine, frame, name, body)
    plan: Plan[T] = engine.codec.plan(annotation, where=name)
    number = frame.run.take_numbers()
    operation = recorded_operation(engine, frame.run, number, name, plan, body)
    return traced_operation(engine, frame, name, operation, number=number)


def _refuse_in_transaction(frame: Frame, name: str, body: Operation[T]) -> None:
    if frame.scope is Scope.TRANSACTION:
        body.close()
        msg = f"{name} was called in a transaction, which may be rolled back. Call it from the workflow or from a step."
        raise DBOSContextError(msg)


# --- looking ----------------------------------------------------------------------------------------------------------


def status(engine: Engine, frame: Frame, workflow_id: str) -> Operation[WorkflowRecord | None]:
    """The workflow as it is stored now; None: there is none."""
    return _recorded(engine, frame, GET_STATUS, WorkflowRecord | None, _status(workflow_id))


async def _status(workflow_id: str) -> WorkflowRecord | None:
    check_id(workflow_id)
    record: WorkflowRecord | None = await Query(lambda reader: reader.workflow(workflow_id))
    return record


def retrieve(engine: Engine, frame: Frame, workflow_id: str, *, must_exist: bool) -> Operation[WorkflowRecord]:
    """The workflow; unknown: DBOSNonExistentWorkflowError, or wait until it exists when it need not exist yet."""
    if must_exist:
        return _recorded(engine, frame, GET_STATUS, WorkflowRecord, find(engine, workflow_id, must_exist=True))
    body = find(engine, workflow_id, must_exist=False)
    _refuse_in_transaction(frame, "DBOS.retrieve_workflow", body)
    return body


def list_workflows(engine: Engine, frame: Frame, condition: WorkflowFilter) -> Operation[list[WorkflowRecord]]:
    """The workflows that match, oldest first unless asked otherwise."""
    name = LIST_QUEUED if condition.queued_only else LIST
    return _recorded(engine, frame, name, list[WorkflowRecord], _list(condition))


async def _list(condition: WorkflowFilter) -> list[WorkflowRecord]:
    records: list[WorkflowRecord] = await Query(lambda reader: reader.workflows(condition))
    return records


def list_steps(engine: Engine, frame: Frame, workflow_id: str) -> Operation[list[StepRecord]]:
    """The records of a workflow in the order of their numbers.

    In a workflow the results of earlier listings are left out: each would hold all that came before it, and the
    records of a loop that looks at its own steps would double with every turn.
    """
    is_recorded = frame.run is not None and frame.scope is Scope.WORKFLOW
    return _recorded(
        engine, frame, LIST_STEPS, list[StepRecord], _list_steps(workflow_id, leaves_listings_out=is_recorded)
    )


async def _list_steps(workflow_id: str, *, leaves_listings_out: bool) -> list[StepRecord]:
    check_id(workflow_id)
    records = await Query(lambda reader: reader.steps([workflow_id]))
    return [
        replace(record, output=None) if leaves_listings_out and record.name == LIST_STEPS else record
        for _, record in sorted(records[workflow_id].items())
    ]


def all_events(engine: Engine, frame: Frame, workflow_id: str) -> Operation[dict[str, str]]:
    """The encoded values of every event of a workflow by key."""
    return _recorded(engine, frame, ALL_EVENTS, dict[str, str], _all_events(workflow_id))


async def _all_events(workflow_id: str) -> dict[str, str]:
    check_id(workflow_id)
    return dict(await Query(lambda reader: reader.events(workflow_id)))


# --- steering ---------------------------------------------------------------------------------------------------------


def cancel(engine: Engine, frame: Frame, workflow_ids: Sequence[str]) -> Operation[None]:
    """Cancel the workflows that have not ended; others are left as they are."""
    return _recorded(engine, frame, CANCEL, None, _cancel(engine, workflow_ids))


async def _cancel(engine: Engine, workflow_ids: Sequence[str]) -> None:
    now = engine.now_ms()
    ids = check_names(workflow_ids, "the workflow ids")
    await CommitAll([CancelWorkflow(workflow_id=workflow_id, at=now) for workflow_id in ids])


def delete(engine: Engine, frame: Frame, workflow_id: str) -> Operation[None]:
    """Remove a workflow and everything recorded of it; a running one stops. Unknown: nothing happens."""
    return _recorded(engine, frame, DELETE, None, _delete(engine, workflow_id))


async def _delete(engine: Engine, workflow_id: str) -> None:
    await CommitAll([CancelWorkflow(workflow_id=check_id(workflow_id), at=engine.now_ms())])
    await Commit(DeleteWorkflow(workflow_id=workflow_id))


def resume(
    engine: Engine, frame: Frame, workflow_id: str, expected_name: str | None = None
) -> Operation[WorkflowRecord]:
    """Run a workflow again from its last recorded step; one that has an outcome is left as it is.

    It runs here when its function is registered here, else on the next executor that has it: one of its version, or of
    any version when none of its own lives. So does a PENDING one whose executor has ended; one that a living executor
    runs is left as it is, which is logged.
    DBOSWorkflowTypeMismatchError: it is not a workflow `expected_name`. DBOSRecoveryError: its row cannot be read here,
    because a newer version wrote it, say. Either way it is left as it is.
    """
    return _then_retrieve(engine, frame, RESUME, _resume(engine, workflow_id, expected_name))


def _then_retrieve(engine: Engine, frame: Frame, name: str, body: Operation[str]) -> Operation[WorkflowRecord]:
    """Steer, then retrieve the workflow whose id that answers: two recorded calls, whose numbers are taken now."""
    _refuse_in_transaction(frame, name, body)
    if frame.run is None or frame.scope is not Scope.WORKFLOW:
        return _steer_plainly(engine, body)
    return _steer_recorded(engine, frame.run, frame.run.take_numbers(2), name, body)


async def _steer_plainly(engine: Engine, body: Operation[str]) -> WorkflowRecord:
    return await find(engine, await body, must_exist=True)


async def _steer_recorded(engine: Engine, run: Run, number: int, name: str, body: Operation[str]) -> WorkflowRecord:
    text: Plan[str] = engine.codec.plan(str, where=name)
    row: Plan[WorkflowRecord] = engine.codec.plan(WorkflowRecord, where=name)
    workflow_id = await recorded_operation(engine, run, number, name, text, body)
    return await recorded_operation(
        engine, run, number + 1, GET_STATUS, row, find(engine, workflow_id, must_exist=True)
    )


async def _resume(engine: Engine, workflow_id: str, expected_name: str | None) -> str:
    row = await find(engine, workflow_id, must_exist=True)
    check_name_of(row, expected_name)
    if row.status in FINAL:
        return workflow_id
    is_pending = row.status is WorkflowStatusString.PENDING
    is_here = can_run(engine, row)
    # What nobody runs and can run here is taken whoever had it before.
    has_ended = (is_pending or not is_here) and await _has_owner_ended(engine, row)
    if is_pending and not has_ended:
        engine.logger.info(
            "Workflow %r is run by executor %r, which is alive; resuming it changes nothing.",
            row.workflow_id,
            row.executor_id,
        )
        return workflow_id
    refuse_unreadable(row)
    if is_here:
        for run in await take_over(engine, [(row, resolve_run(engine, row))], ClaimPurpose.RESUMPTION):
            await Spawn(run)
        return workflow_id
    claim = ClaimWorkflow(
        workflow_id=workflow_id,
        expected_token=row.run_token,
        run_token=new_run_token(),
        executor_id=engine.executor_id,
        app_version=engine.app_version,
        purpose=ClaimPurpose.RESUMPTION,
        queue_name=INTERNAL_QUEUE,
        ended_executor=row.executor_id if has_ended else None,
        at=engine.now_ms(),
    )
    await Commit(claim)
    return workflow_id


async def _has_owner_ended(engine: Engine, row: WorkflowRecord) -> bool:
    """Whether the executor that ran a workflow last runs nothing of its version any more.

    One whose session is gone has perhaps died just now: it is looked at a second time.
    """
    owner = row.executor_id
    if engine.runs.is_active(row.workflow_id):
        return False
    if owner is None or (owner, row.app_version) == (engine.executor_id, engine.app_version):
        return True
    first = await Query(lambda reader: reader.executor(owner))
    if is_stranded(first, row.app_version):
        return True
    if first is None or life_of(first, row.app_version) is not Life.DOUBTFUL:
        return False
    with engine.listener.subscribe(("done", row.workflow_id)) as subscription:
        await WaitFor(subscription, SECOND_LOOK_SECONDS)
    second = await Query(lambda reader: reader.executor(owner))
    return second is None or second.look == first.look or is_stranded(second, row.app_version)


def check_name_of(row: WorkflowRecord, expected_name: str | None) -> None:
    """DBOSWorkflowTypeMismatchError unless the stored workflow is of this function, when one is expected."""
    if expected_name is not None and expected_name != row.name:
        raise DBOSWorkflowTypeMismatchError(row.workflow_id, expected=expected_name, stored=row.name)


def fork(
    engine: Engine,
    frame: Frame,
    workflow_id: str,
    start_step: int,
    application_version: str | None = None,
    expected_name: str | None = None,
) -> Operation[WorkflowRecord]:
    """Start a new workflow like another one, with its records below `start_step`.

    It has the same inputs, function, instance and identity. Its id is the one that SetWorkflowID gave, else generated.
    DBOSNonExistentWorkflowError: there is no such workflow. DBOSWorkflowTypeMismatchError: it is not a workflow
    `expected_name`. DBOSRecoveryError: its row cannot be read here. Nothing was started then. A workflow of that id
    that is such a copy already is the one; DBOSConflictingWorkflowError: it is something else.
    """
    assigned = frame.assigned_id
    is_in_workflow = frame.run is not None and frame.scope is Scope.WORKFLOW
    if assigned is not None and not assigned.is_used:
        assigned.is_used = True
        new_id = assigned.id_for(frame.auth)
    elif frame.run is not None and is_in_workflow:
        # The same in a recovery, so that the copy is made once.
        new_id = f"{frame.run.workflow_id}-{frame.run.next_number()}"
    else:
        new_id = str(uuid.uuid4())
    copied = CopiedSteps(source_id=workflow_id, below=start_step)
    body = _fork(engine, copied, new_id, application_version, expected_name, may_exist=is_in_workflow)
    return _then_retrieve(engine, frame, FORK, body)


def _is_same_call(one: WorkflowRecord, other: WorkflowRecord) -> bool:
    return (one.name, one.class_name, one.config_name, one.inputs, one.auth) == (
        other.name,
        other.class_name,
        other.config_name,
        other.inputs,
        other.auth,
    )


async def _is_copy(row: WorkflowRecord, source: WorkflowRecord, below: int, application_version: str | None) -> bool:
    """Whether a workflow of the same call has exactly the records of `source` below a number that existed then."""
    if (
        row.workflow_id == source.workflow_id
        or row.created_at < source.created_at
        or row.parent_workflow_id is not None
    ):
        return False
    if application_version is not None and application_version != row.app_version:
        return False
    records = await Query(lambda reader: reader.steps([source.workflow_id, row.workflow_id]))
    theirs, own = records[source.workflow_id], records[row.workflow_id]
    # What the copy did itself has other times.
    common = {number for number in theirs if own.get(number) == replace(theirs[number], workflow_id=row.workflow_id)}
    wanted = {number for number in theirs if number < below}
    return common <= wanted and all(theirs[number].completed_at > row.created_at for number in wanted - common)


async def _fork(
    engine: Engine,
    copied: CopiedSteps,
    new_id: str,
    application_version: str | None,
    expected_name: str | None,
    *,
    may_exist: bool,
) -> str:
    """Start the copy, unless it is there already: with `may_exist` whatever is there was started before a crash."""
    source = await find(engine, copied.source_id, must_exist=True)
    check_name_of(source, expected_name)
    refuse_unreadable(source)
    now = engine.now_ms()
    version = application_version or source.app_version
    is_here = version in (None, engine.app_version) and can_run(engine, source)
    row = replace(
        source,
        workflow_id=new_id,
        status=WorkflowStatusString.PENDING if is_here else WorkflowStatusString.ENQUEUED,
        output=None,
        error=None,
        queue_name=None if is_here else INTERNAL_QUEUE,
        deduplication_id=None,
        priority=0,
        partition_key=None,
        executor_id=engine.executor_id,
        # Of no version: for a client, which has none, any executor that has the function will do.
        app_version=version or engine.app_version or None,
        run_token=new_run_token(),
        recovery_attempts=0,
        parent_workflow_id=None,
        trace_context=engine.tracer.position(),
        # On a queue its time begins when it is taken from it.
        deadline=now + source.timeout_ms if is_here and source.timeout_ms is not None else None,
        visible_at=0,
        queue_order=engine.next_queue_order(),
        created_at=now,
        updated_at=now,
        started_at=now if is_here else None,
    )
    run = resolve_run(engine, row) if is_here else None
    with engine.runs.claiming([(row.run_token, row.run_token)]):
        answer = await Commit(CreateWorkflow(workflow=row, copied=copied if copied.below > 1 else None))
        if isinstance(answer, WorkflowRecord):
            if _is_same_call(answer, row) and (
                may_exist or await _is_copy(answer, source, copied.below, application_version)
            ):
                return new_id
            msg = "a workflow of this id exists already, and it is no such copy. Give the copy another id."
            raise DBOSConflictingWorkflowError(new_id, msg)
        if isinstance(answer, Fenced):
            raise DBOSNonExistentWorkflowError(copied.source_id)
        begun = [] if run is None else await begin_claimed(engine, [(row, run)])
    for each in begun:
        await Spawn(each)
    return new_id
