"""Savepoints, texts that mention COMMIT, bodies of triggers and functions, and a failed flush are the application's own."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dbos_typed import DBOS, error
from tests.behaviour.app import App


class Base(DeclarativeBase):
    """Of the table below."""


class Payment(Base):
    """A row that can be there once."""

    __tablename__ = "payments"
    way: Mapped[str] = mapped_column(primary_key=True)


SQLITE_TRIGGER = "CREATE TRIGGER tidy AFTER INSERT ON notes BEGIN DELETE FROM notes WHERE text = ''; END"
POSTGRES_FUNCTION = (
    "CREATE FUNCTION pg_temp.tidy() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN PERFORM 1; END; $body$; SELECT pg_temp.tidy()"
)


async def check(app: App) -> None:
    app.create_table("payments", "way text PRIMARY KEY")
    app.create_table("notes", "text text")
    is_sqlite = app.database_url.startswith("sqlite")

    @DBOS.transaction()
    def write() -> list[str]:
        session = DBOS.sql_session
        session.execute(sa.text("INSERT INTO notes VALUES ('; COMMIT'), ('begin; end; rollback')"))
        session.execute(sa.text("SELECT CASE WHEN 1 = 1 THEN 2 END -- ; COMMIT\n"))
        session.execute(sa.text(SQLITE_TRIGGER if is_sqlite else POSTGRES_FUNCTION))
        session.execute(sa.text("SAVEPOINT mine"))
        session.execute(sa.text("INSERT INTO notes VALUES ('undone')"))
        session.execute(sa.text("ROLLBACK TO SAVEPOINT mine"))
        session.execute(sa.text("RELEASE mine"))
        session.begin_nested().commit()
        with session.begin_nested() as nested:
            session.add(Payment(way="undone"))
            session.flush()
            nested.rollback()
        session.expire_all()
        session.add(Payment(way="kept"))
        with session.begin_nested():
            session.add(Payment(way="kept in a savepoint"))
        return [*session.scalars(sa.select(Payment.way).order_by(Payment.way))]

    @DBOS.transaction()
    def write_twice(goes_on: bool) -> str:
        DBOS.sql_session.add_all([Payment(way="twice"), Payment(way="kept")])
        try:
            DBOS.sql_session.flush()
        except sa.exc.IntegrityError:
            if not goes_on:
                raise
        return "done"

    @DBOS.workflow()
    async def work() -> list[str]:
        return write()

    handle = await DBOS.start_workflow_async(work)
    assert await handle.get_result() == ["kept", "kept in a savepoint"]
    assert app.sql("SELECT text FROM notes ORDER BY text") == [{"text": "; COMMIT"}, {"text": "begin; end; rollback"}]
    with pytest.raises(sa.exc.IntegrityError):
        write_twice(goes_on=False)
    with pytest.raises(error.DBOSContextError, match="rolled back before its function returned"):
        write_twice(goes_on=True)
    assert app.sql("SELECT way FROM payments ORDER BY way") == [{"way": "kept"}, {"way": "kept in a savepoint"}]
