"""A transaction's rows and its record are committed together, so a recovered workflow does not write them again."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction()
    def pay(amount: int) -> int:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        return int(DBOS.sql_session.execute(sa.text("SELECT count(*) FROM payments")).scalar_one())

    @DBOS.workflow()
    async def checkout(amount: int) -> int:
        return pay(amount)

    handle = await DBOS.start_workflow_async(checkout, 30)
    assert await handle.get_result() == 1
    assert await app.rerun_async(handle.workflow_id, keep=1) == 1
    assert app.sql("SELECT amount FROM payments") == [{"amount": 30}]
    assert [row["kind"] for row in app.rows("steps")] == ["transaction"]
