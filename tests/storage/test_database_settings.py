"""How databases are opened, and what is refused."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage import postgres, sqlite
from dbos_typed.storage.database import Access, open_database
from dbos_typed.storage.dialect import Statement, WriterConnection
from tests.storage.conftest import Store

logger = logging.getLogger("tests.storage")


SQLITE = {
    "PRAGMA journal_mode": "wal",
    "PRAGMA synchronous": 2,
    "PRAGMA foreign_keys": 1,
    "PRAGMA busy_timeout": 2_000,
}
# Whether a commit is flushed is for the server to say; its administrator sees who is connected.
POSTGRES = {"SHOW application_name": "dbos_typed"}


def test_what_is_committed_is_flushed_and_other_writers_are_waited_for(store: Store) -> None:
    expected: dict[str, object] = dict(SQLITE if store.url.startswith("sqlite") else POSTGRES)
    with store.database.engine.connect() as connection:
        assert {query: connection.execute(text(query)).scalar() for query in expected} == expected

    def settings_of(writer: WriterConnection) -> dict[str, object]:
        return {query: writer.run([Statement(query, {})])[0][0][0] for query in expected}

    assert store.database.journal.with_connection(settings_of) == expected


def test_file_that_another_process_writes_to_before_it_has_a_write_ahead_log_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "app.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE theirs (number INTEGER)")
        end = threading.Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        url = f"sqlite:///{file}"
        open_database(url, Access(schema="dbos_typed", pool_size=1), publish=lambda _: None, logger=logger).close()
        end.join()
        assert other.execute("SELECT count(*) FROM theirs").fetchone() == (0,)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    ("module", "minimum", "message"),
    [(sqlite, (99, 1), r"built with SQLite 3.*needs 99\.1 or newer"), (postgres, (99,), r"PostgreSQL 1.*needs 99")],
)
def test_database_that_is_too_old_is_refused(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    minimum: tuple[int, ...],
    message: str,
) -> None:
    monkeypatch.setattr(module, "MINIMUM_VERSION", minimum)
    is_meant = (module is sqlite) == database_url.startswith("sqlite")

    def opened() -> None:
        open_database(
            database_url, Access(schema="dbos_typed", pool_size=1), publish=lambda _: None, logger=logger
        ).close()

    if is_meant:
        with pytest.raises(DBOSInitializationError, match=message):
            opened()
    else:
        opened()


def test_dequeue_and_recovery_look_no_row_up_that_they_do_not_need(store: Store, plan_of: Callable[[str], str]) -> None:
    """Whatever the backlog and the history: partial indexes lead to the rows."""
    queue = plan_of(
        "SELECT workflow_id FROM {workflows} WHERE status = 'ENQUEUED' AND queue_name = 'q' "
        "ORDER BY priority, queue_order LIMIT 10"
    )
    assert "workflows_waiting" in queue
    mine = plan_of(
        "SELECT workflow_id FROM {workflows} WHERE status = 'PENDING' AND executor_id = 'e' AND app_version = '1'"
    )
    assert "workflows_pending" in mine
    ended = plan_of(
        "SELECT workflow_id FROM {workflows} WHERE created_at < 10 AND updated_at < 10 AND status IN ('SUCCESS') "
        "ORDER BY created_at, workflow_id LIMIT 10"
    )
    assert "workflows_created" in ended


@pytest.fixture
def plan_of(store: Store) -> Callable[[str], str]:
    is_sqlite = store.url.startswith("sqlite")
    workflows = store.database.dialect.names.full("workflows")

    def plan(query: str) -> str:
        with store.database.engine.connect() as connection:
            if not is_sqlite:
                # A table of a few rows is read whole, whatever its indexes.
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            rows = connection.execute(text(f"{explain} {query.format(workflows=workflows)}")).all()
        return "\n".join(str(row) for row in rows)

    return plan
