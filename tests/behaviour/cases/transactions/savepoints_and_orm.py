"""Savepoints may be rolled back inside a transaction; the rest is committed with the record."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer PRIMARY KEY")

    @DBOS.transaction()
    def pay_twice(amount: int) -> str:
        insert = sa.text("INSERT INTO payments VALUES (:amount)")
        DBOS.sql_session.execute(insert, {"amount": amount})
        try:
            with DBOS.sql_session.begin_nested():
                DBOS.sql_session.execute(insert, {"amount": amount})
        except sa.exc.IntegrityError:
            return "once"
        return "twice"

    @DBOS.workflow()
    async def checkout() -> str:
        return pay_twice(30)

    handle = await DBOS.start_workflow_async(checkout)
    assert await handle.get_result() == "once"
    assert app.sql("SELECT amount FROM payments") == [{"amount": 30}]
    assert list(app.recorded(handle.workflow_id)) == [1]
