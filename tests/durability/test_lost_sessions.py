"""Database sessions that are terminated under the engine."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Transaction, create_engine, event, text
from sqlalchemy.exc import OperationalError

from dbos_typed import DBOS, Queue, SetWorkflowID
from dbos_typed.api.registration import registry
from dbos_typed.error import DBOSDatabaseUnavailableError
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from dbos_typed.storage.database import parse_url
from tests.postgres_server import drop_database

WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Server:
    """The database of a launched engine, seen from a session of its own."""

    engine: Engine

    def one(self, query: str, **parameters: object) -> Any:
        with self.engine.begin() as connection:
            return connection.execute(text(query), parameters).scalar()

    def terminate(self, application_name: str = "dbos_typed%") -> int:
        """End the sessions of the engine, and answer how many there were."""
        ended = self.one(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE :name",
            name=application_name,
        )
        return int(ended)


@pytest.fixture
def server(postgres_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(registry, "_workflows", {})
    monkeypatch.setattr(registry, "_queues", {})
    engine = create_engine(parse_url(postgres_database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payments (workflow_id TEXT NOT NULL)"))
    DBOS(config={"name": "lab", "database_url": postgres_database_url, "executor_id": "e"})
    DBOS.launch()
    yield Server(engine)
    DBOS.destroy()
    engine.dispose()


def _pay() -> None:
    DBOS.sql_session.execute(text("INSERT INTO payments (workflow_id) VALUES (:id)"), {"id": DBOS.workflow_id})


def test_transaction_whose_session_is_terminated_is_run_again_and_commits_once(server: Server) -> None:
    attempts = []

    @DBOS.transaction(name="pay")
    def pay() -> int:
        attempts.append(DBOS.sql_session.execute(text("SELECT pg_backend_pid()")).scalar_one())
        _pay()
        if len(attempts) == 1:
            server.one("SELECT pg_terminate_backend(:pid, 10000)", pid=attempts[0])
        return len(attempts)

    @DBOS.workflow(name="buy")
    def buy() -> int:
        return pay()

    assert buy() == 2
    assert server.one("SELECT count(*) FROM payments") == 1


def test_transaction_whose_commit_was_not_answered_is_not_made_twice(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    attempt = runtime.database.transactor._attempt
    lost = [OperationalError("COMMIT", None, psycopg.OperationalError("the connection is lost"))]

    def unanswered(*args: Any, **options: Any) -> Any:
        answer = attempt(*args, **options)
        if lost:
            raise lost.pop()
        return answer

    monkeypatch.setattr(runtime.database.transactor, "_attempt", unanswered)
    values = iter(["first", "second"])

    @DBOS.transaction(name="pay")
    def pay() -> str:
        _pay()
        return next(values)

    @DBOS.workflow(name="buy")
    def buy() -> str:
        return pay()

    assert buy() == "first", "what was committed counts"
    assert server.one("SELECT count(*) FROM payments") == 1


def test_transaction_without_a_record_is_not_made_again_when_its_commit_was_not_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Transaction.commit
    lost = [OperationalError("COMMIT", None, psycopg.OperationalError("the connection is lost"))]

    def unanswered(transaction: Transaction) -> None:
        commit(transaction)
        if lost:
            raise lost.pop()

    @DBOS.transaction(name="pay")
    def pay() -> None:
        DBOS.sql_session.execute(text("INSERT INTO payments (workflow_id) VALUES ('outside')"))

    monkeypatch.setattr(Transaction, "commit", unanswered)
    with pytest.raises(DBOSDatabaseUnavailableError, match="whether it was done is unknown"):
        pay()
    assert server.one("SELECT count(*) FROM payments") == 1


def lose_next_statement(engine: Engine) -> None:
    """Let the session be lost under the next statement that this thread makes outside the journal."""
    caller = threading.current_thread()
    lost: list[str] = []

    def lose(cursor: Any, statement: str, *_: object) -> None:
        if not lost and threading.current_thread() is caller:
            lost.append(statement)
            cursor.connection.pgconn.finish()

    event.listen(engine, "do_execute", lose)


def launched() -> Runtime:
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    return runtime


@pytest.mark.usefixtures("server")
def test_read_whose_session_is_lost_is_made_again() -> None:
    lose_next_statement(launched().database.engine)
    assert DBOS.get_workflow_status("nobody") is None


@pytest.mark.usefixtures("server")
def test_database_that_answers_a_transaction_which_refuses_is_not_away() -> None:
    @DBOS.transaction(name="refuse")
    def refuse() -> None:
        DBOS.sql_session.execute(text("SELECT 1"))
        raise ValueError("refused")

    lose_next_statement(launched().database.engine)
    with pytest.raises(ValueError, match="refused"):
        refuse()
    assert launched().database.availability.unavailable_since is None


def test_message_that_comes_while_no_session_listens_is_received(server: Server) -> None:
    waiting = threading.Event()

    @DBOS.step(name="announce")
    def announce() -> None:
        waiting.set()

    @DBOS.workflow(name="wait")
    def wait() -> str | None:
        announce()
        return DBOS.recv("news", timeout_seconds=WAIT_SECONDS)

    with SetWorkflowID("waiter"):
        handle = DBOS.start_workflow(wait)
    assert waiting.wait(WAIT_SECONDS)
    # Both the listening session and those that read and write are gone, as after a restart of the server.
    assert server.terminate() >= 2
    server.one(
        "INSERT INTO dbos_typed.messages (message_id, destination_id, topic, payload, created_at) "
        "VALUES ('m', 'waiter', 'news', '\"hello\"', 0) RETURNING seq"
    )
    assert handle.get_result(WAIT_SECONDS) == "hello"
    assert server.one("SELECT count(*) FROM dbos_typed.messages WHERE taken_by IS NOT NULL") == 1


def test_workflows_under_way_survive_repeated_termination_of_every_session(server: Server) -> None:
    @DBOS.step(name="note")
    def note(number: int) -> int:
        return number

    @DBOS.transaction(name="pay")
    def pay() -> None:
        _pay()

    @DBOS.workflow(name="work")
    def work() -> int:
        total = sum(note(number) for number in range(5))
        pay()
        return total + sum(note(number) for number in range(5))

    handles = []
    for number in range(30):
        handles.append(DBOS.start_workflow(work))
        if number % 10 == 9:
            server.terminate()
    assert [handle.get_result(WAIT_SECONDS) for handle in handles] == [20] * 30
    assert server.one("SELECT count(*) FROM payments") == 30
    assert server.one("SELECT count(DISTINCT workflow_id) FROM payments") == 30


@pytest.mark.usefixtures("server")
def test_destroy_ends_although_the_database_is_gone(postgres_database_url: str) -> None:
    Queue("work")
    name = parse_url(postgres_database_url).database
    assert name is not None
    time.sleep(0.2)  # the queue's worker has begun to ask for work
    drop_database(postgres_database_url.replace(name, "postgres"), name)
    time.sleep(1.5)  # it asks again
    began = time.monotonic()
    DBOS.destroy()
    assert time.monotonic() - began < 10
