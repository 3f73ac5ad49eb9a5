"""Errors of SQL statements tell neither parameters nor what rows hold: not to callers, not in logs, not in the database."""

import base64
import re

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

SECRET = "hunter2"
BYTES = re.compile(r'"\$type":"bytes","value":"([^"]*)"')
WAYS = {
    "duplicate": "INSERT INTO people (name, age) VALUES (:secret, 1), (:secret, 1)",
    "check": "INSERT INTO people (name, age) VALUES (:secret, -1)",
    "null": "INSERT INTO people (name) VALUES (:secret)",
    "no number": "SELECT abs(CAST(CAST(:secret AS text) AS integer)), * FROM nowhere",
    "no table": "INSERT INTO nowhere (name) VALUES (:secret)",
}


async def check(app: App) -> None:
    app.create_table("people", "name varchar(20) PRIMARY KEY, age integer NOT NULL CHECK (age > 0)")

    @DBOS.transaction()
    def ask(way: str) -> None:
        DBOS.sql_session.execute(sa.text(WAYS[way]), {"secret": SECRET})

    @DBOS.transaction()
    def cast() -> None:
        function = "abs(CAST(CAST(:secret AS text) AS integer))"
        if app.is_sqlite:
            function = "json(:secret)"
        DBOS.sql_session.execute(sa.text(f"SELECT {function}"), {"secret": SECRET}).all()

    @DBOS.workflow()
    async def work(way: str) -> None:
        if way == "cast":
            cast()
        else:
            ask(way)

    for way in (*WAYS, "cast"):
        with pytest.raises(sa.exc.DBAPIError) as raised:
            await work(way)
        assert SECRET not in str(raised.value), (way, str(raised.value))
        assert SECRET not in str(raised.value.orig)
        assert raised.value.params is None
        assert raised.value.statement is not None
    stored = [row["error"] for table in ("workflows", "steps") for row in app.rows(table)]
    assert len([error for error in stored if error]) == 2 * (len(WAYS) + 1)
    assert SECRET not in str(stored)
    # Bytes are stored in base64, in which the same text has three forms.
    assert SECRET.encode() not in b"".join(base64.b64decode(each) for each in BYTES.findall(str(stored)))
    assert SECRET not in str(app.log)

    # What is wrong is told all the same.
    with pytest.raises(sa.exc.IntegrityError, match="people"):
        await work("duplicate")
