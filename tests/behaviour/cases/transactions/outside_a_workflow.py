"""Outside workflows a transaction commits its own work, and nothing is recorded."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction()
    def count() -> int:
        return int(DBOS.sql_session.execute(sa.text("SELECT count(*) FROM payments")).scalar_one())

    @DBOS.transaction()
    def pay(amount: int) -> int:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        return count()

    assert pay(30) == 1
    assert app.sql("SELECT amount FROM payments") == [{"amount": 30}]
    assert app.counts()["steps"] == 0
