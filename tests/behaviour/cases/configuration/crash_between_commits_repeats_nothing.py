"""A crash after the application's commit and before the system database's repeats no transaction: its record is found."""

import sqlalchemy as sa

from dbos_typed import DBOS
from dbos_typed.core.effects import Commit
from dbos_typed.core.writes import RecordStep
from dbos_typed.runtime import current
from tests.behaviour.app import App
from tests.behaviour.second_database import second_database

LAUNCH = False
FRESH_DATABASE = True


class Killed(BaseException):
    """The process is gone."""


async def check(app: App) -> None:
    with second_database(app) as second:
        app.launch(database_url=second.url, system_database_url=app.database_url)
        second.sql("CREATE TABLE payments (amount integer)")
        calls = []

        @DBOS.transaction()
        def pay(amount: int) -> dict[str, int]:
            calls.append(amount)
            DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
            return {"number of calls": len(calls)}

        @DBOS.workflow()
        async def checkout(amount: int) -> dict[str, int]:
            return pay(amount)

        drivers = current.get().drivers
        perform, perform_async = drivers.perform, drivers.perform_async

        def die(effect: object) -> None:
            if isinstance(effect, Commit) and isinstance(effect.write, RecordStep):
                raise Killed

        def dying(effect: object) -> object:
            die(effect)
            return perform(effect)

        async def dying_async(effect: object) -> object:
            die(effect)
            return await perform_async(effect)

        drivers.perform, drivers.perform_async = dying, dying_async
        handle = await DBOS.start_workflow_async(checkout, 30)
        await app.until_async(lambda: second.sql("SELECT * FROM payments"))
        await app.crash_async()
        assert app.rows("steps") == []
        assert app.rows("workflows")[0]["status"] == "PENDING"

        app.launch(database_url=second.url, system_database_url=app.database_url)
        recovered = await DBOS.retrieve_workflow_async(handle.workflow_id)
        assert await recovered.get_result() == {"number of calls": 1}
        assert calls == [30]
        assert second.sql("SELECT amount FROM payments") == [{"amount": 30}]
        assert [row["kind"] for row in app.rows("steps")] == ["transaction"]

        await app.rerun_async(handle.workflow_id, keep=0)
        assert calls == [30]
