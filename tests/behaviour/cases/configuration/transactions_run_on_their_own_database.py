"""With a system database of its own, a transaction commits in the application's database together with its record."""

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
            return amount + 1

        @DBOS.transaction(read_only=True)
        def count() -> int:
            return DBOS.sql_session.execute(sa.text("SELECT count(*) FROM payments")).scalar_one()

        @DBOS.transaction()
        def fail() -> None:
            DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (999)"))
            raise ValueError("too much")

        @DBOS.workflow()
        async def checkout(amount: int) -> tuple[int, int, str]:
            paid = pay(amount)
            try:
                fail()
            except ValueError as error:
                return paid, count(), str(error)
            return paid, count(), ""

        with SetWorkflowID("w"):
            assert await checkout(30) == (31, 1, "too much")
        assert second.sql("SELECT amount FROM payments") == [{"amount": 30}]
        records = second.sql("SELECT workflow_id, number, name, output, error FROM {records}")
        names = [(row["workflow_id"], row["number"], row["output"], row["error"]) for row in records]
        assert names == [("w", 1, "31", None)]
        assert {row["number"]: row["kind"] for row in app.rows("steps")} == {n: "transaction" for n in (1, 2, 3)}
        assert app.rows("workflows")[0]["status"] == "SUCCESS"
