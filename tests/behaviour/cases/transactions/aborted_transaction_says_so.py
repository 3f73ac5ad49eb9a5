"""A transaction that goes on after an error of PostgreSQL cannot be stored: it says so at once, and what to do."""

import pytest
from sqlalchemy import text

from dbos_typed import DBOS, error
from tests.behaviour.app import App

DATABASES = ("postgres",)  # SQLite goes on


async def check(app: App) -> None:
    app.create_table("things", "n INTEGER PRIMARY KEY")
    app.sql("INSERT INTO things (n) VALUES (1)")

    @DBOS.transaction()
    def put(*, is_in_savepoint: bool) -> str:
        insert = text("INSERT INTO things (n) VALUES (1)")
        try:
            if is_in_savepoint:
                with DBOS.sql_session.begin_nested():
                    DBOS.sql_session.execute(insert)
            else:
                DBOS.sql_session.execute(insert)
        except Exception:
            return "was there"
        return "put"

    @DBOS.workflow()
    def work(is_in_savepoint: bool) -> str:
        return put(is_in_savepoint=is_in_savepoint)

    with pytest.raises(error.DBOSContextError, match="begin_nested"):
        work(False)
    assert work(True) == "was there"
    assert DBOS.health().database.unavailable_since is None
