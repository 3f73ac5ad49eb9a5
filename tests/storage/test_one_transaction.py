"""On PostgreSQL a transaction that was ended and begun anew past the guard is not taken for the one that began."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dbos_typed.core.ports import TransactionBody
from dbos_typed.core.writes import CreateWorkflow, RecordedStep
from dbos_typed.error import DBOSContextError
from dbos_typed.records import StepKind
from dbos_typed.storage import marked_postgres
from dbos_typed.storage.application import ApplicationDatabase, open_application_database
from dbos_typed.storage.connecting import Access
from dbos_typed.storage.database import Database, open_database
from dbos_typed.storage.transactor import SqlTransactor
from tests.postgres_server import fresh_database
from tests.storage.builders import recorded, workflow
from tests.storage.conftest import logger

pytestmark = pytest.mark.postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database on which transactions run, and where their records are stored."""

    transactor: SqlTransactor
    engine: Engine
    records: str
    record: RecordedStep
    other: Engine
    """Not the engine's own: what others see."""

    def run(
        self,
        function: Callable[[Session], Any],
        *,
        is_recorded: bool = True,
        isolation_level: str = "READ COMMITTED",
        read_only: bool = False,
    ) -> Any:
        """Run a function as a transaction."""

        def call(session: Session) -> tuple[RecordedStep | None, Any]:
            value = function(session)
            return self.record if is_recorded else None, value

        body = TransactionBody(call, has_record=is_recorded)
        return self.transactor.transact(body, isolation_level=isolation_level, read_only=read_only)

    def numbers(self) -> list[int]:
        with self.other.begin() as connection:
            return [*connection.execute(text("SELECT n FROM numbers ORDER BY n")).scalars()]

    def is_recorded(self) -> bool:
        query = text(f"SELECT count(*) FROM dbos_typed.{self.records} WHERE workflow_id = :id")
        with self.other.begin() as connection:
            return bool(connection.execute(query, {"id": self.record.step.workflow_id}).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Both kinds of databases, on one server's database."""

    system: Database
    application: ApplicationDatabase
    other: Engine


@pytest.fixture(scope="module")
def opened(postgres_url: str) -> Iterator[Opened]:
    access = Access(schema="dbos_typed", pool_size=5)
    with fresh_database(postgres_url, prefix="dbos_one_transaction") as url:
        system = open_database(url, access, publish=lambda _: None, logger=logger)
        application = open_application_database(url, access, journal=system.journal, logger=logger)
        other = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        try:
            yield Opened(system=system, application=application, other=other)
        finally:
            other.dispose()
            application.close()
            system.close()


@pytest.fixture(params=["system", "application"])
def place(request: pytest.FixtureRequest, opened: Opened) -> Place:
    with opened.other.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS numbers; CREATE TABLE numbers (n integer PRIMARY KEY)"))
    owner = workflow()
    assert opened.system.journal.write(CreateWorkflow(workflow=owner)) is None
    is_system = request.param == "system"
    database = opened.system if is_system else opened.application
    return Place(
        transactor=database.transactor,
        engine=database.engine,
        records="steps" if is_system else "transactions",
        record=recorded(owner, name="add", kind=StepKind.TRANSACTION, output="1"),
        other=opened.other,
    )


def add(session: Session, number: int) -> None:
    session.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": number})


def driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def driver(session: Session) -> Any:
    return driver_of(session.connection())


def base_cursor(session: Session, *statements: str) -> None:
    cursor = driver(session).cursor()
    for statement in statements:
        psycopg.Cursor.execute(cursor, statement)


def piped(session: Session) -> None:
    with driver(session).pipeline():
        cursor = psycopg.RawCursor(driver(session))
        for statement in ("COMMIT", "BEGIN"):
            cursor.execute(statement)


def raw_block(session: Session) -> None:
    driver(session).pgconn.exec_(b"COMMIT")
    with psycopg.Connection.transaction(driver(session)):
        pass


PAST_THE_GUARD: dict[str, Callable[[Session], Any]] = {
    "protocol": lambda session: driver(session).pgconn.exec_(b"COMMIT; BEGIN"),
    "protocol, one by one": lambda session: [driver(session).pgconn.exec_(each) for each in (b"COMMIT", b"BEGIN")],
    "protocol, and psycopg begins": lambda session: driver(session).pgconn.exec_(b"COMMIT"),
    "chain": lambda session: driver(session).pgconn.exec_(b"COMMIT AND CHAIN"),
    "the same options": lambda session: driver(session).pgconn.exec_(b"COMMIT; BEGIN ISOLATION LEVEL READ COMMITTED"),
    "client's cursor": lambda session: psycopg.ClientCursor(driver(session)).execute("COMMIT; BEGIN"),
    "raw cursor": lambda session: psycopg.RawCursor(driver(session)).execute("COMMIT AND CHAIN"),
    "plain cursor": lambda session: psycopg.Cursor(driver(session)).execute("COMMIT; BEGIN"),
    "base class of the cursor": lambda session: base_cursor(session, "COMMIT", "BEGIN"),
    "base class of the cursor, and psycopg begins": lambda session: base_cursor(session, "COMMIT"),
    "base class of the connection": lambda session: psycopg.Connection.commit(driver(session)),
    "pipeline": piped,
    "block": raw_block,
}
SEEN = (
    "protocol, and psycopg begins",
    "base class of the cursor",
    "base class of the cursor, and psycopg begins",
    "base class of the connection",
    "block",
)
"""Those of them in which psycopg itself begins the other transaction."""


def test_psycopg_begins_and_commits_where_the_mark_is_set() -> None:
    assert marked_postgres.HAS_HOOK


@pytest.mark.parametrize("way", PAST_THE_GUARD)
def test_another_transaction_is_noticed(place: Place, way: str) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        PAST_THE_GUARD[way](session)
        add(session, 2)

    with pytest.raises(DBOSContextError, match="A transaction was ended"):
        place.run(function)
    assert place.numbers() == [1], "what the function committed itself, and nothing else"
    assert not place.is_recorded()
    _assert_works_again(place)


@pytest.mark.parametrize("way", PAST_THE_GUARD)
def test_without_a_record_only_what_psycopg_begins_is_noticed(place: Place, way: str) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        PAST_THE_GUARD[way](session)
        add(session, 2)

    if way in SEEN:
        with pytest.raises(DBOSContextError, match="A transaction was ended"):
            place.run(function, is_recorded=False)
        assert place.numbers() == [1]
    else:
        place.run(function, is_recorded=False)
        assert place.numbers() == [1, 2]
    _assert_works_again(place)


@pytest.mark.parametrize("way", PAST_THE_GUARD)
def test_another_transaction_is_noticed_when_it_is_the_last_thing(place: Place, way: str) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        PAST_THE_GUARD[way](session)

    with pytest.raises(DBOSContextError, match="A transaction was ended"):
        place.run(function)
    assert not place.is_recorded()


@pytest.mark.parametrize("statement", [b"ROLLBACK; BEGIN", b"ROLLBACK AND CHAIN"])
def test_rollback_is_noticed_too(place: Place, statement: bytes) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        driver(session).pgconn.exec_(statement)
        add(session, 2)

    with pytest.raises(DBOSContextError, match="A transaction was ended"):
        place.run(function)
    assert place.numbers() == []
    assert not place.is_recorded()
    _assert_works_again(place)


@pytest.mark.parametrize("statement", [b"BEGIN; INSERT INTO numbers VALUES (1); COMMIT; BEGIN", b"BEGIN"])
def test_transaction_begun_by_hand_is_noticed(place: Place, statement: bytes) -> None:
    def function(session: Session) -> None:
        driver(session).pgconn.exec_(statement)
        add(session, 2)

    with pytest.raises(DBOSContextError, match="A transaction was ended"):
        place.run(function)
    assert 2 not in place.numbers()
    assert not place.is_recorded()


def test_autocommit_past_the_guard_is_noticed(place: Place) -> None:
    def function(session: Session) -> None:
        psycopg.Connection.set_autocommit(driver(session), True)
        add(session, 1)

    with pytest.raises(DBOSContextError, match="A transaction was ended"):
        place.run(function)
    assert not place.is_recorded()


@pytest.mark.parametrize("statement", ["DO $$ BEGIN COMMIT; END $$", "CALL pg_temp.end_it()"])
def test_block_and_procedure_cannot_commit(place: Place, statement: str) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        session.execute(text("CREATE PROCEDURE pg_temp.end_it() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$"))
        session.execute(text(statement))

    with pytest.raises(DBAPIError, match="invalid transaction termination"):
        place.run(function)
    assert place.numbers() == []
    assert not place.is_recorded()


def test_reset_all_is_refused_with_what_to_do(place: Place) -> None:
    def function(session: Session) -> None:
        add(session, 1)
        session.execute(text("RESET ALL"))

    with pytest.raises(DBOSContextError, match="RESET ALL"):
        place.run(function)
    assert place.numbers() == []


def savepoints(session: Session) -> None:
    add(session, 1)
    with session.begin_nested():
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        add(session, 2)
        with session.begin_nested() as nested:
            add(session, 3)
            nested.rollback()
    with driver(session).transaction():
        add(session, 4)
    for statement in ("SAVEPOINT mine", "INSERT INTO numbers VALUES (5)", "ROLLBACK TO mine"):
        session.execute(text(statement))


def savepoint_comes_first(session: Session) -> None:
    with driver(session).transaction():
        add(session, 1)
    with pytest.raises(DBAPIError), session.begin_nested():
        add(session, 1)
    with session.begin_nested():
        add(session, 2)
    add(session, 4)


def settings(session: Session) -> None:
    for statement in (
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SET LOCAL search_path = public",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET work_mem = '8MB'",
        "RESET work_mem",
        "RESET search_path",
        "SET ROLE NONE",
        "DISCARD PLANS",
    ):
        session.execute(text(statement))
    for number in (1, 2, 4):
        add(session, number)


def cursors_by_hand(session: Session) -> None:
    psycopg.ClientCursor(driver(session)).execute("INSERT INTO numbers VALUES (%s)", [1])
    psycopg.RawCursor(driver(session)).execute("INSERT INTO numbers VALUES ($1)", [2])
    with driver(session).cursor().copy("COPY numbers FROM STDIN") as copy:
        copy.write("4\n")


def pipeline_comes_first(session: Session) -> None:
    with driver(session).pipeline():
        for number in (1, 2, 4):
            driver(session).execute("INSERT INTO numbers VALUES (%s)", [number])


FINE: list[Callable[[Session], None]] = [
    savepoints,
    savepoint_comes_first,
    settings,
    cursors_by_hand,
    pipeline_comes_first,
]


@pytest.mark.parametrize("is_recorded", [True, False])
@pytest.mark.parametrize("function", FINE)
def test_what_is_still_one_transaction_commits(
    place: Place, function: Callable[[Session], None], is_recorded: bool
) -> None:
    place.run(function, is_recorded=is_recorded)
    assert place.numbers() == [1, 2, 4]
    assert place.is_recorded() == is_recorded


@pytest.mark.parametrize("isolation_level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("read_only", [True, False])
def test_every_kind_of_transaction_commits(place: Place, isolation_level: str, read_only: bool) -> None:
    found: list[str] = []

    def function(session: Session) -> None:
        names = ("transaction_isolation", "transaction_read_only")
        found.extend(session.execute(text(f"SHOW {name}")).scalar_one() for name in names)

    place.run(function, is_recorded=not read_only, isolation_level=isolation_level, read_only=read_only)
    assert found == [isolation_level.lower(), "on" if read_only else "off"]


def test_mark_takes_no_snapshot(place: Place) -> None:
    """So a transaction that waits for a lock first reads what was committed meanwhile."""

    counts: list[int] = []

    def function(session: Session) -> None:
        session.execute(text("SET LOCAL lock_timeout = '1s'"))
        with place.other.begin() as connection:
            connection.execute(text("INSERT INTO numbers VALUES (1)"))
        counts.append(session.execute(text("SELECT count(*) FROM numbers")).scalar_one())

    place.run(function, isolation_level="REPEATABLE READ")
    assert counts == [1]


def test_failed_read_only_transaction_gives_what_its_function_returned(place: Place) -> None:
    def function(session: Session) -> str:
        with pytest.raises(DBAPIError):
            session.execute(text("SELECT 1 / 0"))
        return "failed"

    assert place.run(function, is_recorded=False, read_only=True) == "failed"


@pytest.mark.parametrize("is_recorded", [True, False])
def test_failed_transaction_is_not_taken_for_committed(place: Place, is_recorded: bool) -> None:
    def function(session: Session) -> str:
        add(session, 1)
        with pytest.raises(DBAPIError):
            session.execute(text("SELECT 1 / 0"))
        return "added"

    with pytest.raises(DBOSContextError, match="begin_nested"):
        place.run(function, is_recorded=is_recorded)
    assert place.numbers() == []


def test_deferred_constraint_that_fails_at_the_commit_is_its_own_error(place: Place) -> None:
    with place.other.begin() as connection:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM 'no number'::int; RETURN NULL; END $$;"
                "CREATE CONSTRAINT TRIGGER failing AFTER INSERT ON numbers DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION fail()"
            )
        )
    with pytest.raises(DBAPIError, match="no number"):
        place.run(lambda session: add(session, 1))
    assert place.numbers() == []
    assert not place.is_recorded()


def test_statement_of_a_listener_may_begin_the_transaction(place: Place) -> None:
    def name(connection: Any) -> None:
        connection.exec_driver_sql("SET LOCAL application_name = 'named'")

    def function(session: Session) -> None:
        driver(session).pgconn.exec_(b"COMMIT; BEGIN")

    event.listen(place.engine, "begin", name)
    try:
        with pytest.raises(DBOSContextError, match="A transaction was ended"):
            place.run(function)
        place.run(lambda session: add(session, 1))
    finally:
        event.remove(place.engine, "begin", name)
    assert place.numbers() == [1]


def test_mark_takes_no_round_trip(place: Place) -> None:
    with tempfile.TemporaryFile() as trace:
        with place.engine.connect() as connection:
            pgconn = driver_of(connection).pgconn  # the pool gives the one that it was given last
        pgconn.trace(trace.fileno())
        place.run(lambda session: add(session, 1))
        pgconn.untrace()
        trace.seek(0)
        answers = trace.read().count(b"ReadyForQuery")
    assert answers == len(["BEGIN", "INSERT", "INSERT of the record", "COMMIT"])


def _assert_works_again(place: Place) -> None:
    place.run(lambda session: add(session, 7))
    assert 7 in place.numbers()
    assert place.is_recorded()
