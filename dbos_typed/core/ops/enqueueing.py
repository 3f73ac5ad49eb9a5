"""Enqueueing workflows by name, from a process that need not have their code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Commit, Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.tracing import traced_operation
from dbos_typed.core.ops.workflows import START, Enqueued, conflict
from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import CreateWorkflow, Deduplicated
from dbos_typed.error import DBOSQueueDeduplicatedError
from dbos_typed.records import WorkflowRecord, WorkflowStatusString


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A workflow by the names under which executors have registered it."""

    name: str
    class_name: str | None = None
    config_name: str | None = None


def enqueue_named(
    engine: Engine,
    frame: Frame,
    workflow_id: str,
    named: Named,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    enqueued: Enqueued,
    timeout_seconds: float | None,
) -> Operation[str]:
    """Put a workflow on a queue; its id, when it is durable. An id that exists already is left as it is.

    DBOSConflictingWorkflowError: the id belongs to another workflow. DBOSQueueDeduplicatedError: the deduplication id
    is in use.
    """
    now = engine.now_ms()
    row = WorkflowRecord(
        workflow_id=workflow_id,
        status=WorkflowStatusString.ENQUEUED,
        name=named.name,
        class_name=named.class_name,
        config_name=named.config_name,
        inputs=engine.calls_of(named.name, named.class_name).encode(args, kwargs),
        auth=frame.auth,
        queue_name=enqueued.queue_name,
        deduplication_id=enqueued.deduplication_id,
        priority=enqueued.priority,
        partition_key=enqueued.partition_key,
        executor_id=None,
        app_version=enqueued.app_version,
        run_token=new_run_token(),
        trace_context=engine.tracer.position(),
        timeout_ms=None if timeout_seconds is None else int(timeout_seconds * 1000),
        queue_order=engine.next_queue_order(),
        created_at=now,
        updated_at=now,
    )
    return traced_operation(engine, frame, START, _enqueue(engine, row, enqueued.delay_ms))


async def _enqueue(engine: Engine, row: WorkflowRecord, delay_ms: int) -> str:
    answer = await Commit(CreateWorkflow(workflow=row, delay_ms=delay_ms))
    if isinstance(answer, Deduplicated):
        raise DBOSQueueDeduplicatedError(row.workflow_id, row.queue_name or "", row.deduplication_id or "")
    if isinstance(answer, WorkflowRecord):
        if not engine.codec.is_same(answer.inputs, row.inputs) and not engine.registry.has_workflow(row.name):
            # One input may be stored in two ways, and without the function nobody can tell whether it is the same.
            engine.logger.warning(
                "Workflow %r exists already with inputs that are stored differently; its stored inputs are those that "
                "run.",
                row.workflow_id,
            )
            row = replace(row, inputs=answer.inputs)
        refusal = conflict(engine, row, answer)
        if refusal is not None:
            raise refusal
    return row.workflow_id
