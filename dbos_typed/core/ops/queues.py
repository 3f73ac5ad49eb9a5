"""Queues: taking workflows from them as far as their limits allow."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from dbos_typed.core.effects import CommitAll, Query, Spawn
from dbos_typed.core.engine import INTERNAL_QUEUE, Engine
from dbos_typed.core.ops.execution import begin_claimed
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


async def dequeue(engine: Engine) -> Dequeued:
    """Begin the workflows whose turn it is on the queues that are registered here."""
    names = tuple(engine.registry.workflows())
    writes: list[DequeueWorkflows] = []
    for queue in (_INTERNAL, *engine.registry.queues().values()):
        partitions: list[str | None] = [None]
        if queue.is_partitioned:
            name, now = queue.name, engine.now_ms()
            partitions = list(await Query(lambda reader, name=name, now=now: reader.partitions(name, now)))  # type: ignore[misc]  # mypy does not infer lambdas with defaults
        writes.extend(write for key in partitions if (write := _write(engine, queue, key, names)) is not None)
    if not writes:
        return Dequeued(count=0, is_more=False)
    answers = await CommitAll(writes)
    count = 0
    failures: dict[str, str] = {}
    for rows in answers:
        for run in await begin_claimed(engine, _resolved(engine, rows, failures)):
            await Spawn(run)
            count += 1
    is_more = any(len(rows) == write.most for rows, write in zip(answers, writes, strict=True))
    return Dequeued(count=count, is_more=is_more, failures=failures)


def _write(
    engine: Engine, queue: QueueDefinition, partition_key: str | None, names: tuple[str, ...]
) -> DequeueWorkflows | None:
    most = BATCH
    if queue.worker_concurrency is not None:
        most = min(most, queue.worker_concurrency - engine.runs.count_on_queue(queue.name, partition_key))
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
        rate_limit=queue.rate_limit,
        rate_period_ms=None if period is None else int(period * 1000),
        first_token=secrets.randbits(TOKEN_BITS - _BATCH_BITS) << _BATCH_BITS,
        at=engine.now_ms(),
    )


def _resolved(engine: Engine, rows: list[WorkflowRecord], failures: dict[str, str]) -> list[tuple[WorkflowRecord, Run]]:
    resolved: list[tuple[WorkflowRecord, Run]] = []
    for row in rows:
        try:
            resolved.append((row, resolve_run(engine, row)))
        except Exception as error:  # noqa: BLE001  # one that cannot be run must not hold up the others
            failures[row.workflow_id] = str(error)
            engine.logger.error("Workflow %r was taken from its queue and cannot be run: %s", row.workflow_id, error)  # noqa: TRY400  # the message says it all
    return resolved
