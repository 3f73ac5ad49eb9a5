"""A transaction that was ended and begun anew past the driver's cursors is not committed, and its error is recorded."""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS, error
from tests.behaviour.app import App

DATABASES = ("postgres",)  # on SQLite a savepoint tells it


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction()
    def pay(amount: int, statement: bytes) -> None:
        session = DBOS.sql_session
        session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        session.connection().connection.driver_connection.pgconn.exec_(statement)
        session.execute(sa.text("INSERT INTO payments VALUES (-1)"))

    @DBOS.workflow()
    async def paying(amount: int, statement: bytes) -> None:
        pay(amount, statement)

    amounts = iter(range(1, 100))
    with pytest.raises(error.DBOSContextError, match="was ended"):
        pay(next(amounts), b"COMMIT")
    for statement in (b"COMMIT; BEGIN", b"COMMIT AND CHAIN", b"COMMIT"):
        handle = await DBOS.start_workflow_async(paying, next(amounts), statement)
        with pytest.raises(error.DBOSContextError, match="was ended"):
            await handle.get_result()
    assert [row["amount"] for row in app.sql("SELECT amount FROM payments ORDER BY amount")] == [1, 2, 3, 4]
    assert {row["error"] is not None for row in app.rows("steps")} == {True}
