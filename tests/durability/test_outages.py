"""The database goes away and comes back: callers are told after their time, workflows wait and simply continue."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dbos_typed import DBOS, DBOSClient, DBOSConfig, SetWorkflowID, error
from dbos_typed.api.registration import registry
from dbos_typed.storage.database import parse_url

WAIT_SECONDS = 30.0
TIMEOUT_SECONDS = 1.0
OWN_TIMEOUT_SECONDS = 2.0
MARGIN_SECONDS = 3.0
"""How much later a caller may be told: the machine is busy, and a connection is given up after a while."""


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Server:
    """The database, which can be taken away."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = parse_url(url)
        self.name = parsed.database
        self._engine = create_engine(parsed.set(database="postgres"), isolation_level="AUTOCOMMIT")

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def take_away(self) -> None:
        """Let nobody connect, and end every session."""
        self._execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
        self._execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{self.name}'")

    def bring_back(self) -> None:
        self._execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    @contextmanager
    def away(self) -> Iterator[None]:
        self.take_away()
        try:
            yield
        finally:
            self.bring_back()

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def server(postgres_database_url: str) -> Iterator[Server]:
    made = Server(postgres_database_url)
    yield made
    made.close()


@pytest.fixture
def launched(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The database of a launched engine whose callers wait for a second."""
    for name in ("_workflows", "_queues", "_schedules"):
        monkeypatch.setattr(registry, name, type(getattr(registry, name))())
    DBOS(
        config={
            "name": "outage",
            "database_url": server.url,
            "executor_id": "e",
            "application_version": "1",
            "database_timeout_seconds": TIMEOUT_SECONDS,
        }
    )
    DBOS.launch()
    yield server
    DBOS.destroy()


def _told_after(seconds: float, expected: type[Exception], call: Callable[[], object]) -> Exception:
    """The error with which a call fails, after as long as it is to wait."""
    began = time.monotonic()
    with pytest.raises(expected) as raised:
        call()
    took = time.monotonic() - began
    assert seconds * 0.99 <= took < seconds + MARGIN_SECONDS
    return raised.value


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_calls_outside_workflows_are_told_after_the_configured_time(launched: Server) -> None:
    @DBOS.workflow(name="quick")
    def quick() -> str:
        return "done"

    @DBOS.transaction(name="counting")
    def counting() -> int:
        return int(DBOS.sql_session.execute(text("SELECT 1")).scalar_one())

    with SetWorkflowID("w"):
        assert quick() == "done"
    assert counting() == 1

    def start() -> None:
        with SetWorkflowID("late"):
            DBOS.start_workflow(quick)

    calls: dict[str, Callable[[], object]] = {
        "get_workflow_status": lambda: DBOS.get_workflow_status("w"),
        "list_workflows": DBOS.list_workflows,
        "retrieve_workflow": lambda: DBOS.retrieve_workflow("w"),
        "send": lambda: DBOS.send("w", "hello"),
        "cancel_workflow": lambda: DBOS.cancel_workflow("w"),
        "start_workflow": start,
        "transaction": counting,
        "get_workflow_status_async": lambda: asyncio.run(DBOS.get_workflow_status_async("w")),
        "send_async": lambda: asyncio.run(DBOS.send_async("w", "hello")),
    }
    with launched.away(), ThreadPoolExecutor(len(calls)) as threads:
        told = {
            name: threads.submit(_told_after, TIMEOUT_SECONDS, error.DBOSDatabaseUnavailableError, call)
            for name, call in calls.items()
        }
        for name, future in told.items():
            message = str(future.result(WAIT_SECONDS))
            assert "did not answer" in message, name
            assert "database_timeout_seconds" in message, name
    # As the error says: with the same id it may be repeated, whatever became of it.
    with SetWorkflowID("late"):
        assert quick() == "done"
    assert DBOS.get_workflow_status("w") is not None


def test_calls_with_a_timeout_of_their_own_wait_for_that(launched: Server) -> None:
    gate = threading.Event()

    @DBOS.workflow(name="slow")
    def slow() -> str:
        gate.wait(WAIT_SECONDS)
        return "done"

    with SetWorkflowID("w"):
        handle = DBOS.start_workflow(slow)
    elsewhere = DBOS.retrieve_workflow("w")
    calls: dict[str, Callable[[], object]] = {
        "get_result": lambda: handle.get_result(timeout_seconds=OWN_TIMEOUT_SECONDS),
        "retrieved": lambda: elsewhere.get_result(timeout_seconds=OWN_TIMEOUT_SECONDS),
        "get_event": lambda: DBOS.get_event("w", "never", timeout_seconds=OWN_TIMEOUT_SECONDS),
    }

    def waited(call: Callable[[], object]) -> tuple[float, object]:
        began = time.monotonic()
        try:
            result = call()
        except (TimeoutError, error.DBOSDatabaseUnavailableError) as told:
            result = type(told)
        return time.monotonic() - began, result

    with launched.away(), ThreadPoolExecutor(len(calls)) as threads:
        futures = {name: threads.submit(waited, call) for name, call in calls.items()}
        for name, future in futures.items():
            took, result = future.result(WAIT_SECONDS)
            assert OWN_TIMEOUT_SECONDS * 0.99 <= took < OWN_TIMEOUT_SECONDS + MARGIN_SECONDS, (name, took)
            # Whether there was nothing to be had or nobody to ask.
            assert result in (TimeoutError, error.DBOSDatabaseUnavailableError, None), name
        gate.set()
    assert handle.get_result(WAIT_SECONDS) == "done"


def test_waits_without_end_outlast_the_outage(launched: Server) -> None:
    gate = threading.Event()

    @DBOS.workflow(name="slow")
    def slow() -> str:
        gate.wait(WAIT_SECONDS)
        DBOS.set_event("key", "value")
        return "done"

    with SetWorkflowID("w"):
        DBOS.start_workflow(slow)
    handle = DBOS.retrieve_workflow("w")
    with ThreadPoolExecutor(2) as threads:
        with launched.away():
            result = threads.submit(handle.get_result)
            found = threads.submit(DBOS.get_event, "w", "key", timeout_seconds=WAIT_SECONDS)
            time.sleep(2 * TIMEOUT_SECONDS)  # an outage that is longer than others wait
            assert not result.done()
            assert not found.done()
        gate.set()
        assert result.result(WAIT_SECONDS) == "done"
        assert found.result(WAIT_SECONDS) == "value"


class Work:
    """Workflows that begin, and make each kind of call when the database is away."""

    def __init__(self) -> None:
        self.away = threading.Event()
        self.reached: list[str] = []
        self.steps: list[str] = []
        self.expected: dict[str, tuple[Any, Any]] = {}
        """By workflow id: the workflow and its result."""
        self._define_blocking()
        self._define_coroutine()

    def _reach(self, name: str) -> None:
        self.reached.append(name)
        assert self.away.wait(WAIT_SECONDS)

    def _define_blocking(self) -> None:
        @DBOS.step(name="note")
        def note(name: str) -> str:
            self.steps.append(name)
            return name

        @DBOS.transaction(name="ask")
        def ask() -> int:
            return int(DBOS.sql_session.execute(text("SELECT 40 + 2")).scalar_one())

        @DBOS.workflow(name="child")
        def child() -> str:
            return note("of a child")

        def define(name: str, call: Callable[[], object], result: object) -> None:
            @DBOS.workflow(name=name)
            def workflow() -> object:
                self._reach(name)
                return call()

            self.expected[name] = (workflow, result)

        define("stepping", lambda: note("stepped"), "stepped")
        define("asking", ask, 42)
        define("reading", lambda: len(DBOS.list_workflows(name="reading")), 1)
        define("calling", child, "of a child")
        define("starting", lambda: DBOS.start_workflow(child).get_result(), "of a child")
        define("telling", lambda: DBOS.set_event("key", "value"), None)

        @DBOS.workflow(name="receiving")
        def receiving() -> object:
            self.reached.append("receiving")
            return DBOS.recv("news", timeout_seconds=WAIT_SECONDS)

        self.expected["receiving"] = (receiving, "hello")

    def _define_coroutine(self) -> None:
        @DBOS.step(name="note_async")
        async def note(name: str) -> str:
            self.steps.append(name)
            return name

        @DBOS.workflow(name="coroutine")
        async def coroutine() -> tuple[str, int]:
            await asyncio.to_thread(self._reach, "coroutine")
            return await note("awaited"), len(await DBOS.list_workflows_async(name="coroutine"))

        self.expected["coroutine"] = (coroutine, ("awaited", 1))


def test_workflows_simply_continue_and_two_lines_are_logged(launched: Server, caplog: pytest.LogCaptureFixture) -> None:
    work = Work()
    handles = {}
    for name, (workflow, _) in work.expected.items():
        with SetWorkflowID(name):
            handles[name] = DBOS.start_workflow(workflow)
    _until(lambda: len(work.reached) == len(work.expected))
    caplog.clear()
    with launched.away():
        work.away.set()
        # The steps are done, and their records wait.
        _until(lambda: {"stepped", "awaited"} <= set(work.steps))
        time.sleep(2 * TIMEOUT_SECONDS)  # longer than callers outside workflows wait
        assert DBOS.health().running_workflows == len(handles)
        assert [line.partition("(")[0] for line in _warnings(caplog)] == ["The database does not answer "]
    _until(lambda: DBOS.health().database.unavailable_since is None)
    DBOS.send("receiving", "hello", "news")
    for name, (_, result) in work.expected.items():
        assert handles[name].get_result(WAIT_SECONDS) == result, name
    # Nothing ran twice, and nothing counts as a recovery.
    assert sorted(work.steps) == ["awaited", "of a child", "of a child", "stepped"]
    assert {status.recovery_attempts for status in DBOS.list_workflows()} == {0}
    _until(lambda: DBOS.health().is_healthy)
    assert len(_warnings(caplog)) == 2
    assert "The database answers again" in _warnings(caplog)[1]


def test_client_is_told_after_its_own_time(server: Server) -> None:
    with DBOSClient(server.url, database_timeout_seconds=TIMEOUT_SECONDS) as client:
        assert client.list_workflows() == []
        calls: dict[str, Callable[[], object]] = {
            "list": client.list_workflows,
            "send": lambda: client.send("w", "hello"),
            "enqueue": lambda: client.enqueue({"workflow_name": "work", "queue_name": "q", "workflow_id": "w"}),
            "status": lambda: client.retrieve_workflow("w"),
            "list_async": lambda: asyncio.run(client.list_workflows_async()),
        }
        with server.away(), ThreadPoolExecutor(len(calls) + 1) as threads:
            told: dict[str, Future[Any]] = {
                name: threads.submit(_told_after, TIMEOUT_SECONDS, error.DBOSDatabaseUnavailableError, call)
                for name, call in calls.items()
            }
            began = time.monotonic()
            event = threads.submit(_settled, lambda: client.get_event("w", "never", OWN_TIMEOUT_SECONDS))
            for name, future in told.items():
                assert "did not answer" in str(future.result(WAIT_SECONDS)), name
            assert event.result(WAIT_SECONDS) in (None, error.DBOSDatabaseUnavailableError)
            assert time.monotonic() - began >= OWN_TIMEOUT_SECONDS * 0.99
        _until(lambda: _settled(client.list_workflows) is not error.DBOSDatabaseUnavailableError)


def _settled(call: Callable[[], object]) -> object:
    """What a call gives, or the class of what it raises."""
    try:
        return call()
    except Exception as told:  # noqa: BLE001  # whatever it is, the test compares it
        return type(told)


def test_database_that_is_away_at_first_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_workflows", "_queues", "_schedules"):
        monkeypatch.setattr(registry, name, type(getattr(registry, name))())
    config: DBOSConfig = {"name": "outage", "database_url": server.url}
    with server.away(), ThreadPoolExecutor(1) as threads:
        try:
            config["database_timeout_seconds"] = TIMEOUT_SECONDS
            DBOS(config=config)
            _told_after(TIMEOUT_SECONDS, error.DBOSDatabaseUnavailableError, DBOS.launch)
            DBOS.destroy()
            config["database_timeout_seconds"] = WAIT_SECONDS
            DBOS(config=config)
            launching = threads.submit(DBOS.launch)
            time.sleep(TIMEOUT_SECONDS)  # so that it does not find the database at once
            assert not launching.done()
            server.bring_back()
            launching.result(WAIT_SECONDS)
            assert DBOS.list_workflows() == []
        finally:
            DBOS.destroy()


def test_destroy_does_not_wait_for_a_database_that_is_away(launched: Server, caplog: pytest.LogCaptureFixture) -> None:
    reached = threading.Event()
    away = threading.Event()

    @DBOS.step(name="note")
    def note() -> str:
        return "noted"

    @DBOS.workflow(name="stepping")
    def stepping() -> str:
        reached.set()
        away.wait(WAIT_SECONDS)
        return note()

    with SetWorkflowID("w"):
        DBOS.start_workflow(stepping)
    reached.wait(WAIT_SECONDS)
    with launched.away():
        away.set()
        _until(lambda: DBOS.health().database.unavailable_since is not None)
        began = time.monotonic()
        # Services go on as long as workflows may end, and none of them fails for what is taken from under it.
        DBOS.destroy(workflow_completion_timeout_sec=2)
        assert time.monotonic() - began < 10
    assert len(_warnings(caplog)) == 1
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []
    DBOS(
        config={"name": "outage", "database_url": launched.url, "executor_id": "e", "application_version": "1"},
    )
    DBOS.launch()
    assert DBOS.retrieve_workflow("w").get_result(WAIT_SECONDS) == "noted"
