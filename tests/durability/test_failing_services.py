"""The engine's own threads fail from inside, and go on working; strangers speak on the channel of notifications."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text

from dbos_typed import DBOS, DBOSClient, Queue, ServiceHealth, SetWorkflowID, SetWorkflowTimeout
from dbos_typed.api.registration import registry
from dbos_typed.runtime import current, listener
from dbos_typed.runtime.runtime import Runtime
from dbos_typed.runtime.services import ownership, supervision
from dbos_typed.storage.database import parse_url

WAIT_SECONDS = 30.0
FAILURES = pytest.mark.parametrize("failure", [OSError("out of order"), SystemExit(1)], ids=["error", "exit"])


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, DBOS.health()
        time.sleep(0.01)


class Lab:
    """A launched engine, and the insides of its services."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._prefix = "dbos_" if self.is_sqlite else "dbos_typed."
        self._monkeypatch = monkeypatch

    @property
    def runtime(self) -> Runtime:
        runtime = current.get()
        assert isinstance(runtime, Runtime)
        return runtime

    def sql(self, statement: str) -> Any:
        """Executed outside the engine; `{prefix}` stands before the names of its tables."""
        engine = create_engine(parse_url(self.url))
        with engine.begin() as connection:
            result = connection.execute(text(statement.format(prefix=self._prefix)))
            found = result.scalar() if result.returns_rows else None
        engine.dispose()
        return found

    def health(self, name: str) -> ServiceHealth | None:
        return next((service for service in DBOS.health().services if service.name == name), None)

    def break_once(self, name: str, attribute: str, failure: BaseException) -> None:
        """Let what a service calls fail with its next call."""
        (thread,) = [thread for thread in self.runtime._threads() if thread.name == name]
        body: Any = thread._body
        work: Callable[..., Any] = getattr(body, attribute)
        failures = [failure]

        def failing(*args: Any) -> Any:
            if failures:
                raise failures.pop()
            return work(*args)

        self._monkeypatch.setattr(body, attribute, failing)

    def until_begun_again(self, name: str) -> None:
        """Block until the service has failed and works again."""
        _until(lambda: (told := self.health(name)) is not None and told.restarts == 1)
        told = self.health(name)
        assert told is not None
        assert told.is_alive
        assert told.last_error is not None
        assert not DBOS.health().is_live
        _until(lambda: DBOS.health().is_healthy)


@pytest.fixture
def lab(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    for name in ("_workflows", "_queues", "_schedules"):
        monkeypatch.setattr(registry, name, type(getattr(registry, name))())
    monkeypatch.setattr(supervision, "SETTLED_SECONDS", 0.5)
    monkeypatch.setattr(ownership, "LOOK_SECONDS", 0.15)
    DBOS(
        config={
            "name": "lab",
            "database_url": database_url,
            "executor_id": "e",
            "executor_timeout_seconds": 1.0,
            "retention_seconds": 3.0,
        }
    )
    # Those of databases that other tests share.
    before = set(threading.enumerate())
    DBOS.launch()
    yield Lab(database_url, monkeypatch)
    DBOS.destroy()
    # The threads of workflows end when these make their next call.
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert [name for name in left if name.startswith("dbos-") and not name.startswith("dbos-worker")] == []


@FAILURES
def test_heartbeat_that_fails_beats_again(lab: Lab, failure: BaseException) -> None:
    lab.break_once("dbos-heartbeat", "_beat", failure)
    lab.until_begun_again("dbos-heartbeat")
    seen = "SELECT seen_at FROM {prefix}executors WHERE executor_id = 'e'"
    before = lab.sql(seen)
    _until(lambda: lab.sql(seen) > before)


@FAILURES
def test_watch_over_runs_that_fails_still_notices_what_no_signal_tells(lab: Lab, failure: BaseException) -> None:
    @DBOS.workflow(name="patient")
    def patient() -> None:
        DBOS.sleep(WAIT_SECONDS)

    lab.break_once("dbos-ownership", "_look", failure)
    lab.until_begun_again("dbos-ownership")
    with SetWorkflowID("w"):
        DBOS.start_workflow(patient)
    _until(lambda: DBOS.health().running_workflows == 1)
    lab.sql("UPDATE {prefix}workflows SET status = 'CANCELLED' WHERE workflow_id = 'w'")
    _until(lambda: DBOS.health().running_workflows == 0)


@FAILURES
def test_queue_worker_that_fails_goes_on_taking_workflows(lab: Lab, failure: BaseException) -> None:
    @DBOS.workflow(name="work")
    def work() -> str:
        return "done"

    queue = Queue("q", polling_interval_sec=0.05)
    lab.break_once("dbos-queues", "_dequeue", failure)
    handle = queue.enqueue(work)
    lab.until_begun_again("dbos-queues")
    assert handle.get_result(WAIT_SECONDS) == "done"
    assert queue.enqueue(work).get_result(WAIT_SECONDS) == "done"


@FAILURES
def test_scheduler_that_fails_goes_on_beginning_runs(lab: Lab, failure: BaseException) -> None:
    ran = threading.Event()
    lab.break_once("dbos-scheduler", "run_due", failure)

    @DBOS.scheduled("* * * * * *")
    @DBOS.workflow(name="tick")
    def tick(scheduled: datetime, actual: datetime) -> None:
        ran.set()

    lab.until_begun_again("dbos-scheduler")
    assert ran.wait(WAIT_SECONDS)


@FAILURES
def test_deadline_is_kept_although_it_failed_at_first(lab: Lab, failure: BaseException) -> None:
    @DBOS.workflow(name="patient")
    def patient() -> None:
        DBOS.sleep(WAIT_SECONDS)

    lab.break_once("dbos-timers", "_cancel", failure)
    with SetWorkflowTimeout(0.05):
        handle = DBOS.start_workflow(patient)
    lab.until_begun_again("dbos-timers")
    _until(lambda: handle.get_status().status == "CANCELLED")


@FAILURES
def test_retention_that_fails_goes_on_removing(lab: Lab, failure: BaseException) -> None:
    @DBOS.workflow(name="brief")
    def brief() -> None:
        pass

    lab.break_once("dbos-retention", "_remove", failure)
    lab.until_begun_again("dbos-retention")
    brief()
    _until(lambda: DBOS.list_workflows() == [])


@FAILURES
def test_hearing_other_processes_goes_on_after_a_failure(lab: Lab, failure: BaseException) -> None:
    name, attribute = ("dbos-watcher", "_data_version") if lab.is_sqlite else ("dbos-listener", "_hear")
    lab.break_once(name, attribute, failure)

    @DBOS.workflow(name="receive")
    def receive() -> str | None:
        return DBOS.recv("news", timeout_seconds=WAIT_SECONDS)

    with SetWorkflowID("receiver"):
        handle = DBOS.start_workflow(receive)
    with DBOSClient(lab.url) as client:
        client.send("receiver", "ignored", "other")
        lab.until_begun_again(name)
        client.send("receiver", "hello", "news")
    assert handle.get_result(WAIT_SECONDS) == "hello"


def test_failures_are_told_once_each_and_ending_is_quiet(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    lab.break_once("dbos-heartbeat", "_beat", OSError("out of order"))
    lab.until_begun_again("dbos-heartbeat")
    DBOS.destroy()
    errors = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage().partition(";")[0] for record in errors] == ["The service dbos-heartbeat failed"]


def test_health_of_an_engine_at_work(lab: Lab) -> None:
    health = DBOS.health()
    assert health.is_healthy
    assert (health.executor_id, health.running_workflows) == ("e", 0)
    writers = {"dbos-journal-0"} if lab.is_sqlite else {"dbos-journal-0", "dbos-journal-1"}
    assert {service.name for service in health.services} == writers | {
        "dbos-watcher" if lab.is_sqlite else "dbos-listener",
        "dbos-ownership",
        "dbos-heartbeat",
        "dbos-queues",
        "dbos-scheduler",
        "dbos-retention",
    }
    assert health.database.last_reached_at == pytest.approx(time.time() * 1000, abs=WAIT_SECONDS * 1000)
    assert health.database.oldest_unanswered_write_seconds < WAIT_SECONDS


# --- notifications of PostgreSQL --------------------------------------------------------------------------------------


@pytest.fixture
def heard(postgres_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., float]]:
    """Sends payloads to a launched engine, and tells how long it took until a signal sent after them was heard."""
    monkeypatch.setattr(registry, "_workflows", {})
    monkeypatch.setattr(registry, "_queues", {})
    DBOS(config={"name": "lab", "database_url": postgres_database_url, "executor_id": "e"})
    DBOS.launch()
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    _until(lambda: _sessions(postgres_database_url))

    def send(*payloads: str) -> float:
        url = parse_url(postgres_database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        with (
            runtime._hub.subscribe(("done", "w")) as subscription,
            closing(psycopg.connect(url, autocommit=True)) as connection,
        ):
            for payload in (*payloads, '[["done","w"]]'):
                connection.execute("SELECT pg_notify('dbos_typed', %s)", [payload])
            began = time.monotonic()
            subscription.wait(WAIT_SECONDS)
            return time.monotonic() - began

    yield send
    DBOS.destroy()


def _sessions(url: str) -> int:
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        count: int = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'"
            )
        ).scalar_one()
    engine.dispose()
    return count


@pytest.mark.parametrize(
    "payload",
    [
        "hello",
        "",
        "42",
        '{"kind": "done"}',
        "[1, 2, 3]",
        '[["done", ["deep", ["deeper"]]]]',
        '[["cancel","x","notanumber"]]',
        "[" * 7900,
        '"' + "x" * 7900 + '"',
    ],
    ids=["text", "empty", "number", "object", "numbers", "nested", "token", "deep", "huge"],
)
def test_odd_notification_is_ignored_and_the_next_signal_is_heard(
    heard: Callable[..., float], payload: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert heard(payload, payload) < WAIT_SECONDS / 2
    assert [service.restarts for service in DBOS.health().services if service.name == "dbos-listener"] == [0]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_silent_connection_is_checked(heard: Callable[..., float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "CHECK_SECONDS", 0.05)
    assert heard() < WAIT_SECONDS / 2
    before = DBOS.health().database.last_reached_at
    assert before is not None
    _until(lambda: (DBOS.health().database.last_reached_at or 0) > before)
    # What is sent between two checks, or while one is under way, is heard all the same.
    assert all(heard() < WAIT_SECONDS / 2 for _ in range(50))


def test_connection_whose_other_end_vanished_is_noticed_and_made_anew(
    heard: Callable[..., float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(listener, "CHECK_SECONDS", 0.05)
    assert heard() < WAIT_SECONDS / 2
    monkeypatch.setattr(listener, "ANSWER_SECONDS", -1.0)
    _until(lambda: "did not answer" in caplog.text)
    monkeypatch.setattr(listener, "ANSWER_SECONDS", 5.0)
    assert heard() < WAIT_SECONDS / 2
    _until(lambda: DBOS.health().is_healthy)


def test_outage_of_the_database_is_told_at_once_and_until_it_is_over(
    heard: Callable[..., float], postgres_database_url: str
) -> None:
    url = parse_url(postgres_database_url)
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as connection:
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :name"),
            {"name": url.database},
        )
        _until(lambda: DBOS.health().database.unavailable_since is not None)
        began = time.monotonic()
        health = DBOS.health()
        assert time.monotonic() - began < 1
        assert (health.is_live, health.is_healthy) == (True, False)
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))
    engine.dispose()
    _until(lambda: DBOS.health().is_healthy)
    assert heard() < WAIT_SECONDS / 2
