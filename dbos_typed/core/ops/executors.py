"""What an executor tells and asks about itself and the workflows that it owns."""

from __future__ import annotations

from collections.abc import Mapping

from dbos_typed.core.effects import Commit, Query
from dbos_typed.core.writes import Beat, Farewell, Heartbeat
from dbos_typed.records import WorkflowRecord


async def beat(heartbeat: Heartbeat) -> Beat:
    """Claim an executor id or say that it is alive; who holds it, and the others of its version that have work."""
    answer: Beat = await Commit(heartbeat)
    return answer


async def leave(farewell: Farewell) -> None:
    """Say that an executor has ended."""
    await Commit(farewell)


async def database_time() -> int:
    """The database's time in milliseconds since the epoch."""
    now: int = await Query(lambda reader: reader.now_ms())
    return now


async def owned_runs(executor_id: str, app_version: str) -> Mapping[str, int]:
    """The run tokens of the executor's PENDING workflows of its version, by workflow id."""
    tokens: Mapping[str, int] = await Query(lambda reader: reader.owned(executor_id, app_version))
    return tokens


async def stored_workflow(workflow_id: str) -> WorkflowRecord | None:
    """A workflow as it is stored now; None: there is none."""
    record: WorkflowRecord | None = await Query(lambda reader: reader.workflow(workflow_id))
    return record
