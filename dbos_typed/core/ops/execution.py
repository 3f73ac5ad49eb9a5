"""Runs: taken over from their last owner, executed to their outcome."""

from __future__ import annotations

from collections.abc import Sequence

from dbos_typed.core.context import Frame, Scope, current, put
from dbos_typed.core.effects import Call, Commit, CommitAll, Query, uncarried
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.recording import errors_in
from dbos_typed.core.ops.tracing import facts, label
from dbos_typed.core.ports import OWNERSHIP_SIGNAL, QUEUE_SIGNAL, RUN_ENDED
from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.request import RequestSource
from dbos_typed.core.run import Outcome, Run, new_run_token
from dbos_typed.core.writes import ClaimPurpose, ClaimWorkflow, FinishWorkflow, ReleaseWorkflow
from dbos_typed.error import DBOSWorkflowCancelledError
from dbos_typed.records import WorkflowRecord, WorkflowStatusString
from dbos_typed.telemetry import OperationKind


def stored_run(row: WorkflowRecord, definition: WorkflowDefinition, receiver: object | None) -> Run:
    """A run that continues a stored workflow. DBOSSerializationError: its inputs cannot be read."""
    calls = definition.free_calls if receiver is None else definition.bound_calls
    args, kwargs = calls.decode(row.inputs)
    return Run(
        workflow_id=row.workflow_id,
        token=new_run_token(),
        definition=definition,
        receiver=receiver,
        args=args,
        kwargs=kwargs,
        auth=row.auth,
        deadline=row.deadline,
        parent_workflow_id=row.parent_workflow_id,
        trace_context=row.trace_context,
        request=RequestSource.of_stored(row.request),
        queue_name=row.queue_name,
        partition_key=row.partition_key,
    )


async def take_over(
    engine: Engine, candidates: Sequence[tuple[WorkflowRecord, Run]], purpose: ClaimPurpose = ClaimPurpose.RECOVERY
) -> list[Run]:
    """Take workflows over from the runs that owned them; those that somebody else was faster with are left out.

    One that was recovered too often is set aside as RETRIES_EXCEEDED.
    """
    for row, _ in candidates:
        engine.runs.starting(row.workflow_id)
    owned: dict[str, Run] = {}
    try:
        claims = [_claim(engine, row, run, purpose) for row, run in candidates]
        claimed = await CommitAll(claims)
        taken = {run.workflow_id: run for (_, run), row in zip(candidates, claimed, strict=True) if row is not None}
        # Read after the claim: from then on no other run adds records.
        ids = list(taken)
        records = await Query(lambda reader: reader.steps(ids))
        for answer in claimed:
            if answer is None:
                continue
            run = taken[answer.workflow_id]
            run.records = records[answer.workflow_id]
            run.deadline = answer.deadline
            if (reason := _unreadable(answer, run)) is not None:
                await _set_aside(engine, run, reason)
            elif _is_exhausted(purpose, answer, run):
                engine.logger.error(
                    "Workflow %r was recovered %d times without finishing and is set aside; DBOS.resume_workflow "
                    "runs it again.",
                    answer.workflow_id,
                    run.definition.max_recovery_attempts,
                )
                await finish(engine, run, WorkflowStatusString.RETRIES_EXCEEDED, None, None)
            else:
                owned[answer.workflow_id] = run
    finally:
        # What was claimed and has no run because the caller gave up meanwhile is begun anew by the ownership watch.
        for row, _ in candidates:
            engine.runs.started(row.workflow_id, owned.get(row.workflow_id))
        if len(owned) < len(candidates):
            engine.listener.publish([OWNERSHIP_SIGNAL])
    return list(owned.values())


def _claim(engine: Engine, row: WorkflowRecord, run: Run, purpose: ClaimPurpose) -> ClaimWorkflow:
    return ClaimWorkflow(
        workflow_id=row.workflow_id,
        expected_token=row.run_token,
        run_token=run.token,
        executor_id=engine.executor_id,
        app_version=engine.app_version,
        purpose=purpose,
        at=engine.now_ms(),
    )


def _unreadable(row: WorkflowRecord, run: Run) -> str | None:
    """Why a workflow cannot be run here although it was claimed; `None` if it can."""
    if row.unreadable is not None:
        return row.unreadable
    # A step whose number cannot be read would be taken for one that was never made.
    return "it has a recorded call whose number cannot be read" if min(run.records, default=1) < 1 else None


async def _set_aside(engine: Engine, run: Run, reason: str) -> None:
    engine.logger.error("Workflow %r is left alone, because it cannot be run here: %s.", run.workflow_id, reason)
    engine.runs.set_aside(run)
    await _make_room(engine, run)


def _is_exhausted(purpose: ClaimPurpose, row: WorkflowRecord, run: Run) -> bool:
    most = run.definition.max_recovery_attempts
    return purpose is ClaimPurpose.RECOVERY and most is not None and row.recovery_attempts > most


async def begin_claimed(engine: Engine, claimed: Sequence[tuple[WorkflowRecord, Run]]) -> list[Run]:
    """Make runs of workflows that were claimed already, with the records that they may have.

    The claim must still be announced.
    """
    ids = [row.workflow_id for row, _ in claimed]
    if not ids:
        return []
    records = await Query(lambda reader: reader.steps(ids))
    runs: list[Run] = []
    for row, run in claimed:
        run.token = row.run_token
        run.records = records[row.workflow_id]
        reason = _unreadable(row, run)
        if reason is not None:
            await _set_aside(engine, run, reason)
        else:
            runs.append(run)
    engine.runs.begun(runs)
    return runs


async def execute(engine: Engine, run: Run) -> Outcome | None:
    """Run the body of a workflow to its outcome and store it.

    None: the run stopped without an outcome: it lost its workflow to another run, or made a call that its records
    contradict. What no `Exception` is (KeyboardInterrupt, a cancelled task) passes through and leaves the workflow
    recoverable.
    """
    run.is_traced = engine.tracer.is_active
    if not run.is_traced:
        return await _execute(engine, run)
    definition = run.definition
    attributes = facts(definition.name, OperationKind.WORKFLOW, run, run.auth)
    with engine.tracer.span(label(definition), attributes, run.trace_context):
        outcome = await _execute(engine, run)
        if run.is_cancelled:
            engine.tracer.fail(DBOSWorkflowCancelledError(run.workflow_id))
        elif run.error is not None:
            engine.tracer.fail(run.error)
        return outcome


async def _execute(engine: Engine, run: Run) -> Outcome | None:
    args = run.args if run.receiver is None else (run.receiver, *run.args)
    run.is_begun = True
    if run.deadline is not None:
        engine.timers.cancel_at(run.workflow_id, run.deadline)
    before = current()
    put(Frame(scope=Scope.WORKFLOW, run=run, auth=run.auth, request=run.request))
    output: str | None = None
    error: str | None = None
    status = WorkflowStatusString.SUCCESS
    try:
        try:
            output = run.definition.result_plan.encode(await Call(run.definition.function, args, run.kwargs))
        except BaseException as raised:  # noqa: BLE001  # whatever the workflow raised is its outcome or its stop
            failure = _failure_of(run, uncarried(raised))
            if failure is not None:
                status = WorkflowStatusString.ERROR
                error, run.error = engine.codec.replay_error(failure)
        if run.mismatch is not None:
            await _make_room(engine, run)
            raise run.mismatch
        if run.is_cancelled:
            run.outcome = Outcome(status=WorkflowStatusString.CANCELLED)
        elif not run.is_superseded:
            await finish(engine, run, status, output, error)
    finally:
        put(before)
        if run.deadline is not None and engine.runs.get(run.workflow_id) is run:
            # Not of a run that was superseded: the deadline may be its successor's.
            engine.timers.forget(run.workflow_id)
        engine.runs.ended(run)
        engine.listener.publish([run.done_signal(), RUN_ENDED])
        if run.stop is not None:
            # It has no outcome, and is begun anew.
            engine.listener.publish([OWNERSHIP_SIGNAL])
        queue = None if run.queue_name is None else engine.registry.queues().get(run.queue_name)
        if queue is not None and queue.worker_concurrency is not None:
            # The queue was told when the outcome was stored, but this run still counted as running then.
            engine.listener.publish([QUEUE_SIGNAL])
    return run.outcome


async def _make_room(engine: Engine, run: Run) -> None:
    """Put a workflow that cannot go on here back on its queue, if it would keep others from their turn."""
    if takes_up_room(engine, run.queue_name):
        engine.runs.put_back(run.workflow_id)
        await Commit(release(engine, run.workflow_id, run.token, ClaimPurpose.CONTINUATION))


def takes_up_room(engine: Engine, queue_name: str | None) -> bool:
    """Whether a workflow that came from this queue keeps others from their turn while it is PENDING."""
    queue = None if queue_name is None else engine.registry.queues().get(queue_name)
    return queue is not None and queue.limits_running


def release(engine: Engine, workflow_id: str, run_token: int, purpose: ClaimPurpose | None = None) -> ReleaseWorkflow:
    """What puts a workflow back on its queue; `purpose` is why it goes on later, `None` if it was never begun."""
    return ReleaseWorkflow(workflow_id=workflow_id, run_token=run_token, purpose=purpose, at=engine.now_ms())


def _failure_of(run: Run, raised: BaseException) -> Exception | None:
    """The error with which a workflow ended; `None` if it was cancelled or superseded.

    What stops a run without being an outcome is raised again: SystemExit, a cancelled task, a destroyed executor.
    """
    # The cancellation of a workflow that was awaited is an Exception like any other.
    if isinstance(raised, Exception):
        return raised
    if (run.is_cancelled or run.is_superseded) and not isinstance(raised, SystemExit | KeyboardInterrupt):
        return None
    errors = errors_in(raised)
    if errors is not None:
        return errors
    run.stop = raised
    raise raised


async def finish(engine: Engine, run: Run, status: WorkflowStatusString, output: str | None, error: str | None) -> None:
    """Store the outcome of a run, unless the workflow was cancelled or taken over meanwhile."""
    answer = await Commit(
        FinishWorkflow(
            workflow_id=run.workflow_id,
            run_token=run.token,
            status=status,
            output=output,
            error=error,
            queue_name=run.queue_name,
            at=engine.now_ms(),
        )
    )
    if answer is None:
        run.outcome = Outcome(status=status, output=output, error=error)
    elif answer.status is WorkflowStatusString.CANCELLED:
        run.is_cancelled = True
        run.outcome = Outcome(status=WorkflowStatusString.CANCELLED)
    else:
        run.is_superseded = True
