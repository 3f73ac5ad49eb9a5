"""Deleting a workflow removes the records of its transactions, so that its id can be used again."""

import sqlalchemy as sa

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App
from tests.behaviour.second_database import second_database

LAUNCH = False
FRESH_DATABASE = True


async def check(app: App) -> None:
    with second_database(app) as second:
        app.launch(database_url=second.url, system_database_url=app.database_url)
        second.sql("CREATE TABLE payments (amount integer)")

        @DBOS.transaction()
        def pay(amount: int) -> int:
            DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
            return amount

        @DBOS.workflow()
        async def checkout(amount: int) -> int:
            return pay(amount)

        with SetWorkflowID("other"):
            assert await checkout(1) == 1
        with SetWorkflowID("w"):
            assert await checkout(30) == 30
        await DBOS.delete_workflow_async("w")
        assert second.sql("SELECT workflow_id FROM {records}") == [{"workflow_id": "other"}]
        with SetWorkflowID("w"):
            assert await checkout(40) == 40
        assert second.sql("SELECT amount FROM payments ORDER BY amount") == [{"amount": n} for n in (1, 30, 40)]
