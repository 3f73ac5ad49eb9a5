"""Runs: taken over from their last owner, executed to their outcome."""

from __future__ import annotations

from collections.abc import Sequence

from dbos_typed.core.context import Frame, Scope, current, put
from dbos_typed.core.effects import Call, Commit, CommitAll, Query
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.tracing import facts, label
from dbos_typed.core.ports import QUEUE_SIGNAL
from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.request import RequestSource
from dbos_typed.core.run import Outcome, Run, new_run_token
from dbos_typed.core.writes import ClaimWorkflow, FinishWorkflow
from dbos_typed.error import DBOSWorkflowCancelledError, DBOSWorkflowConflictIDError
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
    engine: Engine, candidates: Sequence[tuple[WorkflowRecord, Run]], *, is_recovery: bool = True
) -> list[Run]:
    """Take workflows over from the runs that owned them; those that somebody else was faster with are left out.

    One that was recovered too often is set aside as RETRIES_EXCEEDED.
    """
    for row, _ in candidates:
        engine.runs.starting(row.workflow_id)
    owned: dict[str, Run] = {}
    try:
        claims = [
            ClaimWorkflow(
                workflow_id=row.workflow_id,
                expected_token=row.run_token,
                run_token=run.token,
                executor_id=engine.executor_id,
                app_version=engine.app_version,
                is_recovery=is_recovery,
                at=engine.now_ms(),
            )
            for row, run in candidates
        ]
        claimed = await CommitAll(claims)
        owned = {run.workflow_id: run for (_, run), row in zip(candidates, claimed, strict=True) if row is not None}
        # Read after the claim: from then on no other run adds records.
        ids = list(owned)
        records = await Query(lambda reader: reader.steps(ids))
        for answer in claimed:
            if answer is None:
                continue
            run = owned[answer.workflow_id]
            run.records = records[answer.workflow_id]
            run.deadline = answer.deadline
            most = run.definition.max_recovery_attempts
            if is_recovery and most is not None and answer.recovery_attempts > most:
                del owned[answer.workflow_id]
                engine.logger.error(
                    "Workflow %r was recovered %d times without finishing and is set aside; DBOS.resume_workflow "
                    "runs it again.",
                    answer.workflow_id,
                    most,
                )
                await finish(engine, run, WorkflowStatusString.RETRIES_EXCEEDED, None, None)
    finally:
        for row, _ in candidates:
            engine.runs.started(row.workflow_id, owned.get(row.workflow_id))
    return list(owned.values())


async def begin_claimed(engine: Engine, claimed: Sequence[tuple[WorkflowRecord, Run]]) -> list[Run]:
    """Make runs of workflows that were claimed already, with the records that they may have."""
    ids = [row.workflow_id for row, _ in claimed]
    if not ids:
        return []
    records = await Query(lambda reader: reader.steps(ids))
    runs: list[Run] = []
    for row, run in claimed:
        run.token = row.run_token
        run.records = records[row.workflow_id]
        engine.runs.starting(row.workflow_id)
        engine.runs.started(row.workflow_id, run)
        runs.append(run)
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
        except Exception as raised:  # noqa: BLE001  # whatever the workflow raised is its outcome
            # Before the next: the cancellation of a workflow that was awaited is an Exception like any other.
            status = WorkflowStatusString.ERROR
            error, run.error = engine.codec.replay_error(raised)
        except DBOSWorkflowCancelledError:
            if not run.is_cancelled:
                raise
        except DBOSWorkflowConflictIDError:
            if not run.is_superseded:
                raise
        if run.mismatch is not None:
            raise run.mismatch
        if run.is_cancelled:
            run.outcome = Outcome(status=WorkflowStatusString.CANCELLED)
        elif not run.is_superseded:
            await finish(engine, run, status, output, error)
    finally:
        put(before)
        engine.runs.ended(run)
        engine.listener.publish([run.done_signal()])
        queue = None if run.queue_name is None else engine.registry.queues().get(run.queue_name)
        if queue is not None and queue.worker_concurrency is not None:
            # The queue was told when the outcome was stored, but this run still counted as running then.
            engine.listener.publish([QUEUE_SIGNAL])
    return run.outcome


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
