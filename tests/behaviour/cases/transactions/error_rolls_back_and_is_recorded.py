"""A transaction that raises writes nothing of its own, and its error is recorded and replayed."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")
    calls: list[int] = []

    @DBOS.transaction()
    def pay(amount: int) -> None:
        calls.append(amount)
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        raise ValueError(f"{amount} is too much")

    @DBOS.workflow()
    async def checkout(amount: int) -> str:
        try:
            pay(amount)
        except ValueError as refused:
            return str(refused)
        return "paid"

    handle = await DBOS.start_workflow_async(checkout, 30)
    assert await handle.get_result() == "30 is too much"
    assert app.sql("SELECT amount FROM payments") == []
    assert await app.rerun_async(handle.workflow_id, keep=1) == "30 is too much"
    assert calls == [30]
