"""The journal's promises to its callers: gathering, isolation of failures, lost connections, closing."""

import asyncio
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from dbos_typed.core.ports import JournalClosedError, Signal
from dbos_typed.core.writes import CreateWorkflow, RecordStep, Write
from dbos_typed.records import WorkflowRecord
from dbos_typed.storage.availability import Availability
from dbos_typed.storage.batch import Batch
from dbos_typed.storage.dialect import WriterConnection
from dbos_typed.storage.journal import GroupCommitJournal
from dbos_typed.storage.lane import Lane
from dbos_typed.storage.postgres import PostgresWriter
from dbos_typed.storage.schema import tables
from tests.storage.builders import recorded, send, workflow
from tests.storage.conftest import Store

logger = logging.getLogger("tests.storage.journal")


class Applied:
    """Applies batches, remembers their sizes, and can be made to fail."""

    def __init__(self, store: Store) -> None:
        self._batch = Batch(store.database.dialect)
        self.sizes: list[int] = []
        self.failures: list[BaseException] = []
        """Raised by the next batches, after they were written when `lose_answers` is set."""
        self.lose_answers = False

    def apply(self, connection: WriterConnection, writes: Sequence[Write[Any]]) -> tuple[list[object], list[Signal]]:
        self.sizes.append(len(writes))
        if self.failures and not self.lose_answers:
            raise self.failures.pop(0)
        answers = self._batch.apply(connection, writes)
        if self.failures:
            raise self.failures.pop(0)
        return answers


@pytest.fixture
def applied(store: Store) -> Applied:
    return Applied(store)


def _lanes(store: Store, applied: Applied, count: int) -> list[Lane]:
    dialect = store.database.dialect
    return [
        Lane(connect=lambda: dialect.connect_writer(store.database.engine), applier=applied, logger=logger)
        for _ in range(count)
    ]


@pytest.fixture
def journal(store: Store, applied: Applied) -> Iterator[GroupCommitJournal]:
    """A journal of its own, with one lane, on the shared database."""
    lanes = _lanes(store, applied, 1)
    journal = GroupCommitJournal(
        lanes=lanes, gate=Availability(logger).writes, publish=store.signals.extend, logger=logger
    )
    yield journal
    journal.close()


def _queued(journal: GroupCommitJournal) -> int:
    return len(journal._queue)


def _until_queued(journal: GroupCommitJournal, count: int) -> None:
    """Block until so many writes have gathered."""
    deadline = threading.Event()
    timer = threading.Timer(10, deadline.set)
    timer.start()
    while _queued(journal) < count:
        assert not deadline.is_set(), f"only {_queued(journal)} of {count} writes gathered within 10 s"
        deadline.wait(0.001)
    timer.cancel()


def test_lone_write_is_a_batch_of_its_own_on_the_callers_thread(journal: GroupCommitJournal, applied: Applied) -> None:
    assert journal.write(CreateWorkflow(workflow=workflow())) is None
    assert applied.sizes == [1]


def test_writes_of_many_threads_gather_while_one_batch_is_written(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owners = [store.create() for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        with journal.exclusive:
            writes = [threads.submit(journal.write, RecordStep(record=recorded(owner, 1))) for owner in owners]
            # The writer thread has taken nothing yet: it waits for the lock that is held here.
            _until_queued(journal, 20)
        assert [write.result(10) for write in writes] == [None] * 20
    assert applied.sizes == [20]
    assert all(sorted(store.steps(owner)) == [1] for owner in owners)


def test_write_is_not_held_up_by_a_lane_that_is_busy(store: Store, applied: Applied) -> None:
    lanes = _lanes(store, applied, 2)
    journal = GroupCommitJournal(
        lanes=lanes, gate=Availability(logger).writes, publish=store.signals.extend, logger=logger
    )
    with lanes[0].busy:
        assert journal.write(CreateWorkflow(workflow=workflow())) is None
    journal.close()


def test_writes_of_coroutines_gather_and_hold_no_thread(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owners = [store.create() for _ in range(50)]

    async def write_all() -> list[object]:
        with journal.exclusive:
            tasks = [
                asyncio.ensure_future(journal.write_async(RecordStep(record=recorded(owner, 1)))) for owner in owners
            ]
            before = threading.active_count()
            await asyncio.sleep(0)
            assert _queued(journal) == len(owners)
            assert threading.active_count() == before
        return list(await asyncio.gather(*tasks))

    assert asyncio.run(write_all()) == [None] * 50
    assert applied.sizes == [50]


def test_coroutine_that_is_cancelled_while_it_waits_spoils_nobody_elses_write(
    store: Store, journal: GroupCommitJournal
) -> None:
    first, second = store.create(), store.create()

    async def write_both() -> object:
        with journal.exclusive:
            doomed = asyncio.ensure_future(journal.write_async(RecordStep(record=recorded(first, 1))))
            other = asyncio.ensure_future(journal.write_async(RecordStep(record=recorded(second, 1))))
            await asyncio.sleep(0)
            assert _queued(journal) == 2
            doomed.cancel()
        return await other

    assert asyncio.run(write_both()) is None


def test_write_that_was_in_the_database_before_its_connection_broke_is_answered_as_made(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owner = store.create()
    applied.lose_answers = True
    applied.failures = [psycopg.OperationalError("gone"), psycopg.OperationalError("gone again")]
    assert journal.write(send(owner)) is None
    record = recorded(owner, 1)
    applied.failures = [psycopg.OperationalError("gone")]
    assert journal.write(RecordStep(record=record)) == record.step
    assert _messages(store, owner) == 1


def test_transient_failure_is_tried_again_and_reaches_no_caller(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owner = store.create()
    applied.failures = [psycopg.errors.SerializationFailure("locked")]
    assert journal.write(RecordStep(record=recorded(owner, 1))) is None
    assert applied.sizes == [1, 1]


def test_failure_of_a_batch_is_narrowed_to_the_write_that_causes_it(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owners = [store.create() for _ in range(3)]
    applied.failures = [ValueError("the batch"), ValueError("the first alone")]
    with ThreadPoolExecutor(3) as threads:
        writes = []
        with journal.exclusive:
            for number, owner in enumerate(owners):
                writes.append(threads.submit(journal.write, RecordStep(record=recorded(owner, 1))))
                _until_queued(journal, number + 1)
        with pytest.raises(ValueError, match="the first alone"):
            writes[0].result(10)
        assert [write.result(10) for write in writes[1:]] == [None, None]
    assert applied.sizes == [3, 1, 1, 1]
    assert [sorted(store.steps(owner)) for owner in owners] == [[], [1], [1]]


def test_every_waiter_hears_of_a_failure(journal: GroupCommitJournal, applied: Applied) -> None:
    applied.failures = [ValueError(str(number)) for number in range(11)]
    writes = [CreateWorkflow(workflow=workflow()) for _ in range(10)]
    with ThreadPoolExecutor(10) as threads:
        with journal.exclusive:
            futures = [threads.submit(journal.write, write) for write in writes]
            _until_queued(journal, 10)
        for future in futures:
            with pytest.raises(ValueError, match=r"^\d+$"):
                future.result(10)


def test_close_writes_what_has_gathered_and_then_refuses(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    owners = [store.create() for _ in range(10)]
    with ThreadPoolExecutor(11) as threads:
        with journal.exclusive:
            writes = [threads.submit(journal.write, RecordStep(record=recorded(owner, 1))) for owner in owners]
            _until_queued(journal, 10)
            closing = threads.submit(journal.close)
        closing.result(10)
        assert [write.result(10) for write in writes] == [None] * 10
    late = CreateWorkflow(workflow=workflow())
    with pytest.raises(JournalClosedError, match=r"DBOS\.launch"):
        journal.write(late)
    with pytest.raises(JournalClosedError):
        journal.write_all([late])
    with pytest.raises(JournalClosedError):
        asyncio.run(journal.write_async(late))
    assert store.row(late.workflow) is None
    journal.close()


def test_close_settles_the_waiters_of_a_database_that_is_gone(
    store: Store, journal: GroupCommitJournal, applied: Applied
) -> None:
    applied.failures = [psycopg.OperationalError("gone")] * 1000
    with ThreadPoolExecutor(6) as threads:
        writes = [threads.submit(journal.write, CreateWorkflow(workflow=workflow())) for _ in range(5)]
        closing = threads.submit(journal.close)
        closing.result(10)
        for write in writes:
            assert isinstance(write.exception(10), JournalClosedError)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_writes_survive_the_termination_of_the_journals_session_exactly_once(
    store: Store, journal: GroupCommitJournal
) -> None:
    owner = store.create()
    for _ in range(3):
        _terminate(store, journal)
        with ThreadPoolExecutor(10) as threads:
            messages = [send(owner, str(number)) for number in range(10)]
            writes = [threads.submit(journal.write, message) for message in messages]
            assert [write.result(30) for write in writes] == [None] * 10
    with store.database.engine.connect() as connection:
        table = store.database.dialect.names.full("messages")
        query = text(f"SELECT count(*), count(DISTINCT message_id) FROM {table} WHERE destination_id = :id")
        assert tuple(connection.execute(query, {"id": owner.workflow_id}).one()) == (30, 30)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_session_terminated_between_the_statements_of_a_batch_leaves_half_of_nothing(
    store: Store, journal: GroupCommitJournal
) -> None:
    owner, sender = store.create(), store.create()
    table = store.database.dialect.names.full("steps")
    with ThreadPoolExecutor(1) as threads, store.database.engine.connect() as blocker:
        # The second statement of the batch waits for this lock while the first one is done.
        blocker.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        write = threads.submit(journal.write, send(owner, sender=recorded(sender, 1)))
        _until_blocked(store, journal)
        _terminate(store, journal)
        _until_blocked(store, journal)  # again, on a connection made anew
        blocker.rollback()
        assert write.result(30) is None
    assert _messages(store, owner) == 1
    assert sorted(store.steps(sender)) == [1]


def _messages(store: Store, owner: WorkflowRecord) -> int:
    table = tables(store.database.dialect.names).messages
    return sum(owner.workflow_id in row for row in store.contents()[table.name])


def _pid(journal: GroupCommitJournal) -> int | None:
    connection = journal._lanes[0]._connection
    return connection.backend_pid if isinstance(connection, PostgresWriter) else None


def _terminate(store: Store, journal: GroupCommitJournal) -> None:
    with store.database.engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": _pid(journal)})


def _until_blocked(store: Store, journal: GroupCommitJournal) -> None:
    """Block until the session that the journal has then waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
    url = store.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(1000):
            row = connection.execute(query, (_pid(journal),)).fetchone()
            if row is not None and row[0]:
                return
            connection.execute("SELECT pg_sleep(0.01)")
    pytest.fail("the journal did not come to wait for the lock within 10 s")
