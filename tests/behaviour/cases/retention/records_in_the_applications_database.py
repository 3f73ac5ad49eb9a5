"""With a system database of its own, removing an ended workflow removes its transactions' records as well."""

import sqlalchemy as sa

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App
from tests.behaviour.second_database import second_database

LAUNCH = False
FRESH_DATABASE = True


async def check(app: App) -> None:
    with second_database(app) as second:
        app.launch(database_url=second.url, system_database_url=app.database_url, retention_seconds=0.2)

        @DBOS.transaction()
        def one() -> int:
            return int(DBOS.sql_session.execute(sa.text("SELECT 1")).scalar_one())

        @DBOS.workflow()
        async def work() -> int:
            return one()

        with SetWorkflowID("w"):
            assert await work() == 1
        await app.until_async(lambda: app.rows("workflows") == [])
        assert second.sql("SELECT workflow_id FROM {records}") == []
