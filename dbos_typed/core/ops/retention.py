"""Retention: removing workflows that ended long ago."""

from __future__ import annotations

from dbos_typed.core.effects import CommitAll, Query
from dbos_typed.core.engine import Engine
from dbos_typed.core.writes import DeleteEnded

BATCH = 200
"""Workflows that are removed in one transaction, so that nobody waits long for it."""


async def remove_ended(engine: Engine, kept_ms: int) -> int:
    """Remove one batch of the workflows that ended more than `kept_ms` ago, oldest first; how many there were.

    A child stays while its parent has no outcome, because the parent may still ask for the child's. What exceeded its
    recovery attempts waits to be resumed and stays too.
    """
    # The rate of a queue is that of the workflows that are stored.
    periods = [queue.rate_period_seconds or 0 for queue in engine.registry.queues().values()]
    before = engine.now_ms() - max(kept_ms, int(max(periods, default=0) * 1000))
    ids = await Query(lambda reader: reader.ended(before, BATCH))
    if ids:
        await CommitAll([DeleteEnded(workflow_id=workflow_id) for workflow_id in ids])
    return len(ids)
