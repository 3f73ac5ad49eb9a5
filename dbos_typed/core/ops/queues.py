"""Queues: taking workflows from them as far as their limits allow."""

from __future__ import annotations

import math
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from dbos_typed.core.effects import CommitAll, Query, Spawn
from dbos_typed.core.engine import INTERNAL_QUEUE, Engine
from dbos_typed.core.ops.execution import begin_claimed, release
from dbos_typed.core.ops.recovery import resolve_run
from dbos_typed.core.registry import QueueDefinition
from dbos_typed.core.run import TOKEN_BITS, Run
from dbos_typed.core.writes import DequeueWorkflows
from dbos_typed.records import WorkflowRecord

BATCH = 200
"""Workflows taken from a queue in one commit."""
_BATCH_BITS = 16
_INTERNAL = QueueDefinition(name=INTERNAL_QUEUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dequeued:
    """How many workflows were begun, and whether more may be waiting."""

    count: int
    is_more: bool
    failures: Mapping[str, str] = field(default_factory=dict[str, str])
    """Why workflows that were taken could not be begun, by id: an instance that does not exist yet, say."""


async def dequeue(
    engine: Engine, skipped: Collection[str] = (), *, told: Mapping[str, str] | None = None, is_idle: bool = False
) -> Dequeued:
    """Begin the workflows whose turn it is on the queues that are registered here.

    Those that cannot be run here are put back, for an executor that can, and logged unless `told` has the failure;
    `skipped` are left where they are. `is_idle` says that probably nothing waits, which costs one small read to see.
    """
    queues = [_INTERNAL, *engine.registry.queues().values()]
    if is_idle:
        queue_names = [queue.name for queue in queues]
        waiting = await Query(lambda reader: reader.waiting_queues(queue_names))
        queues = [queue for queue in queues if queue.name in waiting]
    names, all_names = tuple(engine.registry.workflows()), engine.registry.runnable_names()
    left = (*skipped, *engine.runs.all_put_back())
    writes: list[DequeueWorkflows] = []
    for queue in queues:
        partitions: list[str | None] = [None]
        if queue.is_partitioned:
            name = queue.name
            partitions = list(await Query(lambda reader, name=name: reader.partitions(name)))  # type: ignore[misc]  # mypy does not infer lambdas with defaults
        for key in partitions:
            # Lone steps and transactions are on no queue but the one where they wait to be resumed.
            write = _write(engine, queue, key, all_names if queue is _INTERNAL else names)
            if write is not None:
                writes.append(replace(write, skipped=left) if left else write)
    if not writes:
        return Dequeued(count=0, is_more=False)
    failures: dict[str, str] = {}
    with engine.runs.claiming((write.first_token, write.first_token + write.most) for write in writes):
        answers = await CommitAll(writes)
        rows = [row for answer in answers for row in answer]
        resolved = _resolved(engine, rows, failures, told or {})
        begun = await begin_claimed(engine, resolved)
        refused = [row for row in rows if row.workflow_id in failures]
        if refused:
            await CommitAll([release(engine, row.workflow_id, row.run_token) for row in refused])
    for run in begun:
        await Spawn(run)
    is_more = any(len(answer) == write.most for answer, write in zip(answers, writes, strict=True))
    return Dequeued(count=len(begun), is_more=is_more or bool(failures), failures=failures)


def _write(
    engine: Engine, queue: QueueDefinition, partition_key: str | None, names: tuple[str, ...]
) -> DequeueWorkflows | None:
    most = BATCH
    running: tuple[int, ...] = ()
    if queue.worker_concurrency is not None:
        running = engine.runs.tokens_on_queue(queue.name, partition_key)
        # What it owns and does not run is counted where the workflows are taken.
        most = min(most, queue.worker_concurrency - len(running))
    if most <= 0:
        return None
    period = queue.rate_period_seconds
    return DequeueWorkflows(
        queue_name=queue.name,
        partition_key=partition_key,
        names=names,
        executor_id=engine.executor_id,
        app_version=engine.app_version,
        most=most,
        concurrency=queue.concurrency,
        worker_concurrency=queue.worker_concurrency,
        running=running,
        rate_limit=queue.rate_limit,
        rate_period_ms=None if period is None else math.ceil(period * 1000),
        first_token=secrets.randbits(TOKEN_BITS - _BATCH_BITS) << _BATCH_BITS,
    )


def _resolved(
    engine: Engine, rows: list[WorkflowRecord], failures: dict[str, str], told: Mapping[str, str]
) -> list[tuple[WorkflowRecord, Run]]:
    resolved: list[tuple[WorkflowRecord, Run]] = []
    for row in rows:
        try:
            resolved.append((row, resolve_run(engine, row)))
        except Exception as error:  # noqa: BLE001  # one that cannot be run must not hold up the others
            failures[row.workflow_id] = str(error)
            if told.get(row.workflow_id) != str(error):
                message = "Workflow %r was put back on its queue, because it cannot be run here: %s"
                engine.logger.error(message, row.workflow_id, error)  # noqa: TRY400  # it says it all
    return resolved
