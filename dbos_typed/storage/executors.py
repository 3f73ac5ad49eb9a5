"""The table of executors: who holds an executor id, until when, and whether the lock that tells its life is held."""

from __future__ import annotations

from collections.abc import Sequence

from dbos_typed.records import ExecutorRecord, LockState
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.rows import Value
from dbos_typed.storage.standins import as_text

_COLUMNS = ("executor_id", "launch_id", "app_version", "host", "pid", "started_at", "seen_at", "lease_ms", "lock_name")
ENDED = 0
"""The moment at which an executor was seen last that said itself that it has ended."""


class ExecutorStatements:
    """The statements in one dialect; each takes a batch as one JSON parameter named `rows`."""

    def __init__(self, dialect: Dialect) -> None:
        executors, workflows = dialect.names.full("executors"), dialect.names.full("workflows")
        now = dialect.now_ms
        shown = f"{', '.join(f'e.{name}' for name in _COLUMNS)}, {dialect.lock_state('e.lock_name')}, {now}"
        source = dialect.batch(
            {
                "executor_id": "text",
                "launch_id": "text",
                "app_version": "text",
                "host": "text",
                "pid": "bigint",
                "lease_ms": "bigint",
                "lock_name": "text",
                "displaced": "text",
                "displaced_seen_at": "bigint",
            },
            "rows",
        )
        given = ("executor_id", "launch_id", "app_version", "host", "pid", "lease_ms", "lock_name")
        self.renew = f"""
            UPDATE {executors} AS e
            SET started_at = CASE WHEN e.launch_id = v.launch_id THEN e.started_at ELSE {now} END,
                seen_at = {now}, {", ".join(f"{name} = v.{name}" for name in given)}
            FROM {source} AS v
            WHERE e.executor_id = v.executor_id AND (
                e.launch_id = v.launch_id OR (e.launch_id = v.displaced AND e.seen_at = v.displaced_seen_at)
            )"""
        self.claim = f"""
            INSERT INTO {executors} ({", ".join(given)}, started_at, seen_at)
            SELECT {", ".join(f"v.{name}" for name in given)}, {now}, {now} FROM {source} AS v WHERE true
            ON CONFLICT (executor_id) DO NOTHING"""  # names are our own
        self.holder = f"""
            SELECT {shown}
            FROM {source} AS v JOIN {executors} AS e ON e.executor_id = v.executor_id"""  # names are our own
        self.owners = f"""
            SELECT w.owner, {shown}
            FROM (
                SELECT DISTINCT w.executor_id AS owner
                FROM {source} AS v
                JOIN {workflows} AS w
                    ON w.status = 'PENDING' AND w.app_version = v.app_version AND w.executor_id <> v.executor_id
            ) AS w
            LEFT JOIN {executors} AS e ON e.executor_id = w.owner"""  # names are our own
        # Skipped, not waited for: executors that remove the same rows in another order would wait for each other.
        self.remove = f"""
            DELETE FROM {executors}
            WHERE executor_id IN (
                SELECT e.executor_id FROM {executors} AS e
                WHERE e.seen_at < {now} - e.lease_ms AND NOT EXISTS (
                    SELECT 1 FROM {workflows} AS w
                    WHERE w.status = 'PENDING' AND w.executor_id = e.executor_id AND w.app_version = e.app_version
                )
                {dialect.skip_locked("e")}
            )
            RETURNING lock_name"""  # names are our own
        source = dialect.batch({"executor_id": "text", "launch_id": "text"}, "rows")
        self.farewell = f"""
            UPDATE {executors} AS e
            SET seen_at = {ENDED}, lock_name = NULL
            FROM {source} AS v
            WHERE e.executor_id = v.executor_id AND e.launch_id = v.launch_id"""
        self.by_id = f"""
            SELECT {shown} FROM {executors} AS e
            WHERE e.executor_id = {dialect.parameter("executor_id")}"""  # names are our own


def executor_record(row: Sequence[Value], dialect: Dialect) -> ExecutorRecord:
    """A row as the statements show it."""
    *stored, lock_name, state, now = row
    executor_id, launch_id, app_version, host, pid, started_at, seen_at, lease_ms = stored
    seen = _number(seen_at)
    return ExecutorRecord(
        executor_id=as_text(executor_id),
        launch_id=as_text(launch_id),
        app_version=as_text(app_version),
        host=as_text(host),
        pid=_number(pid),
        started_at=_number(started_at),
        seen_at=seen,
        lease_ms=_number(lease_ms),
        lock=_lock(lock_name, state, dialect),
        silent_ms=_number(now) - seen,
        is_ended=seen == ENDED,
    )


def owner_records(rows: Sequence[Sequence[Value]], dialect: Dialect) -> dict[str, ExecutorRecord | None]:
    """The rows of the statement `owners`, by the owner's id."""
    return {as_text(owner): executor_record(row, dialect) if row[0] is not None else None for owner, *row in rows}


def _lock(name: Value, state: Value, dialect: Dialect) -> LockState:
    if not isinstance(name, str):
        return LockState.UNKNOWN
    return dialect.lock_of(name) if state is None else LockState(str(state))


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
