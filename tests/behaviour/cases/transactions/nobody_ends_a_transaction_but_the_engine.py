"""However a function tries to end its transaction, it is refused, and nothing is half committed, even if it goes on."""

import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dbos_typed import DBOS, error
from tests.behaviour.app import App


def _driver(session: Session) -> Any:
    return session.connection().connection.driver_connection


def _in_a_block_of_the_driver(session: Session) -> None:
    with _driver(session):
        pass


def _set(name: str) -> Callable[[Session], None]:
    return lambda session: setattr(_driver(session), name, True)


def _execute_on_the_server(session: Session) -> None:
    with _driver(session).cursor("mine") as cursor:
        cursor.execute("SELECT 1; COMMIT")


WAYS: dict[str, Callable[[Session], Any]] = {
    "commit of the session": lambda session: session.commit(),
    "rollback of the session": lambda session: session.rollback(),
    "close of the session": lambda session: session.close(),
    "reset of the session": lambda session: session.reset(),
    "invalidate of the session": lambda session: session.invalidate(),
    "block of the session": lambda session: session.__exit__(None, None, None),
    "commit of the session's transaction": lambda session: session.connection() and session.get_transaction().commit(),
    "rollback of the session's transaction": lambda session: session.get_transaction().rollback(),
    "commit of the connection": lambda session: session.connection().commit(),
    "rollback of the connection": lambda session: session.connection().rollback(),
    "close of the connection": lambda session: session.connection().close(),
    "invalidate of the connection": lambda session: session.connection().invalidate(),
    "commit of the connection's transaction": lambda session: session.connection().get_transaction().commit(),
    "commit of the pooled connection": lambda session: session.connection().connection.commit(),
    "rollback of the pooled connection": lambda session: session.connection().connection.rollback(),
    "commit of the driver": lambda session: _driver(session).commit(),
    "rollback of the driver": lambda session: _driver(session).rollback(),
    "close of the driver": lambda session: _driver(session).close(),
    "block of the driver": _in_a_block_of_the_driver,
    "autocommit of the driver": _set("autocommit"),
    "statement": lambda session: session.execute(sa.text("COMMIT")),
    "statement in small letters": lambda session: session.execute(sa.text("  rollback transaction ")),
    "statement behind a comment": lambda session: session.execute(sa.text("/* done; */ -- now\n END")),
    "begin": lambda session: session.execute(sa.text("BEGIN")),
    "statement to the driver": lambda session: session.connection().exec_driver_sql("COMMIT"),
    "statement of a cursor": lambda session: session.connection().connection.cursor().execute("COMMIT"),
    "statement of the driver": lambda session: _driver(session).execute("COMMIT"),
    "statement of the driver's cursor": lambda session: _driver(session).cursor().execute("ROLLBACK"),
}
POSTGRES_WAYS: dict[str, Callable[[Session], Any]] = {
    "two statements": lambda session: session.execute(sa.text("SELECT ';'; COMMIT")),
    "chain": lambda session: session.execute(sa.text("COMMIT AND CHAIN")),
    "bytes": lambda session: _driver(session).execute(b"COMMIT"),
    "nested comment": lambda session: session.execute(sa.text("/* a /* b */ c */ COMMIT")),
    "copy": lambda session: _driver(session).cursor().copy("COMMIT; COPY payments FROM STDIN").__enter__(),
    "cursor of the server": _execute_on_the_server,
    "prepared": lambda session: session.execute(sa.text("PREPARE TRANSACTION 'mine'")),
    "two phases": lambda session: _driver(session).tpc_begin("mine"),
}
SQLITE_WAYS: dict[str, Callable[[Session], Any]] = {
    "script": lambda session: _driver(session).executescript("INSERT INTO payments VALUES ('script')"),
    "script of a cursor": lambda session: _driver(session).cursor().executescript("SELECT 1"),
    "byte-order mark": lambda session: session.execute(sa.text("\ufeffCOMMIT")),
    "plain cursor": lambda session: _driver(session).cursor(sqlite3.Cursor).execute("COMMIT"),
    "behind the guard": lambda session: [
        sqlite3.Connection.execute(_driver(session), each) for each in ("ROLLBACK", "BEGIN")
    ],
    "insert or rollback": lambda session: session.execute(sa.text("INSERT OR ROLLBACK INTO once VALUES (1), (1)")),
    "isolation level": lambda session: setattr(_driver(session), "isolation_level", None),
}


# INSERT OR ROLLBACK raises an error of its own, which the function may let pass.
ENDS = (error.DBOSContextError, sa.exc.IntegrityError)


async def check(app: App) -> None:
    app.create_table("payments", "way text")
    app.create_table("once", "number integer PRIMARY KEY")
    ways = WAYS | (SQLITE_WAYS if app.database_url.startswith("sqlite") else POSTGRES_WAYS)

    def insert(session: Session, way: str) -> None:
        session.execute(sa.text("INSERT INTO payments VALUES (:way)"), {"way": way})

    @DBOS.transaction()
    def pay(way: str, goes_on: bool) -> None:
        session = DBOS.sql_session
        insert(session, way)
        if goes_on:
            with contextlib.suppress(Exception):
                ways[way](session)
            with contextlib.suppress(Exception):
                insert(session, way)
            with contextlib.suppress(Exception):
                _driver(session).execute(f"INSERT INTO payments VALUES ('{way.replace(chr(39), '')}')")
        else:
            ways[way](session)

    @DBOS.workflow()
    async def paying(way: str, goes_on: bool) -> None:
        pay(way, goes_on)

    for way in ways:
        for goes_on in (False, True):
            with pytest.raises(ENDS):
                pay(way, goes_on)
            handle = await DBOS.start_workflow_async(paying, way, goes_on)
            with pytest.raises(ENDS):
                await handle.get_result()
            assert app.sql("SELECT way FROM payments") == [], (way, goes_on)
    assert {row["error"] is not None for row in app.rows("steps")} == {True}

    with pytest.raises(error.DBOSContextError, match=r"DBOS\.sql_session\.commit\(\).*Return or raise"):
        pay("commit of the session", goes_on=False)
    with pytest.raises(error.DBOSContextError, match=r"^COMMIT was called in a transaction"):
        pay("statement", goes_on=False)
