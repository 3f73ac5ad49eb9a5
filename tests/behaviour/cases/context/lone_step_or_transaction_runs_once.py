"""A step or transaction that is called under an id is a workflow of one call: it runs once, and is recovered.

Older behaviour: it was a plain call, and ran as often as it was called.
"""

import pytest
from sqlalchemy import text

from dbos_typed import DBOS, SetWorkflowID, error
from dbos_typed.core import context
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    app.create_table("paid", "amount INTEGER")
    ran: list[str] = []

    def here() -> str | None:
        run = context.current().run
        return None if run is None else DBOS.workflow_id

    @DBOS.transaction()
    def pay(amount: int) -> int:
        DBOS.sql_session.execute(text("INSERT INTO paid VALUES (:amount)"), {"amount": amount})
        ran.append(f"pay {here()}")
        return amount

    @DBOS.step()
    async def ask(what: str) -> str:
        ran.append(f"ask {here()}")
        return f"{what}!"

    @DBOS.step(retries_allowed=True, max_attempts=2, interval_seconds=0)
    async def fail() -> None:
        ran.append("fail")
        raise ValueError("no")

    @DBOS.dbos_class()
    class Shop:
        @classmethod
        @DBOS.transaction()
        def sell(cls, amount: int) -> str:
            ran.append(f"sell {here()}")
            return f"{cls.__name__} {amount}"

    for _ in range(2):
        with SetWorkflowID("p"):
            assert pay(5) == 5
        with SetWorkflowID("a"):
            assert await ask("what") == "what!"
        with SetWorkflowID("s"):
            assert Shop.sell(amount=3) == "Shop 3"
        with SetWorkflowID("f"), pytest.raises(error.DBOSMaxStepRetriesExceeded):
            await fail()
    assert ran == ["pay p", "ask a", "sell s", "fail", "fail"]
    assert app.sql("SELECT amount FROM paid") == [{"amount": 5}]
    assert app.recorded("p") == {1: "check.<locals>.pay"}
    assert app.recorded("a") == {1: "check.<locals>.ask"}
    status = await DBOS.get_workflow_status_async("a")
    assert status is not None
    assert (status.name, status.status, status.input["args"]) == ("<temp>.check.<locals>.ask", "SUCCESS", ("what",))
    assert app.row("f")["status"] == "ERROR"

    # The same call written in another way is the same; another call is refused.
    with SetWorkflowID("p"):
        assert pay(amount=5) == 5
    with SetWorkflowID("p"), pytest.raises(error.DBOSConflictingWorkflowError):
        pay(6)
    with SetWorkflowID("p"), pytest.raises(error.DBOSConflictingWorkflowError):
        await ask("what")

    # A crash before or after the call is recorded.
    for kept, times in ((1, 1), (0, 2)):
        assert await app.rerun_async("a", keep=kept) == "what!"
        assert ran.count("ask a") == times
    app.rewind("s", keep=0)
    await app.crash_async()
    app.launch()
    handle = await DBOS.retrieve_workflow_async("s")
    assert await handle.get_result(PATIENCE_SECONDS) == "Shop 3"
    # It is steered like every other workflow.
    restarted = await DBOS.restart_workflow_async("a")
    assert await restarted.get_result(PATIENCE_SECONDS) == "what!"

    # Without an id, after its use, and in workflows they are what they were.
    count = len(app.rows("workflows"))
    assert await ask("plain") == "plain!"
    with SetWorkflowID("p"):
        pay(5)
        pay(7)

    @DBOS.workflow()
    async def flow() -> str:
        with SetWorkflowID("child"):
            return await ask("in a workflow")

    assert await flow() == "in a workflow!"
    assert len(app.rows("workflows")) == count + 1
    assert [row["amount"] for row in app.sql("SELECT amount FROM paid ORDER BY amount")] == [5, 7]
