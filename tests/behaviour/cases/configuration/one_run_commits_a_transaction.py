"""A transaction whose place another run of the workflow took is rolled back, and the record that stands counts."""

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

        @DBOS.transaction(name="pay")
        def pay(amount: int) -> str:
            DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
            return "mine"

        @DBOS.workflow()
        async def checkout(amount: int) -> str:
            return pay(amount)

        second.sql(
            "INSERT INTO {records} (workflow_id, number, name, output, started_at, created_at) "
            "VALUES ('w', 1, 'pay', :output, 1, 1)",
            output='"of the other run"',
        )
        with SetWorkflowID("w"):
            assert await checkout(30) == "of the other run"
        assert second.sql("SELECT * FROM payments") == []
        assert [row["output"] for row in app.rows("steps")] == ['"of the other run"']
