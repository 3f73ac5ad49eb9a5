"""reset_system_database removes all that is recorded and leaves the application's tables; a running engine refuses."""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App
from tests.behaviour.second_database import second_database

LAUNCH = False
FRESH_DATABASE = True


async def check(app: App) -> None:
    with second_database(app) as second:
        config = {**app.config, "database_url": second.url, "system_database_url": app.database_url}
        # Before anything was ever stored, there is nothing to remove.
        DBOS(config=config)
        DBOS.reset_system_database()
        DBOS.launch()
        second.sql("CREATE TABLE payments (amount integer)")

        @DBOS.transaction()
        def pay(amount: int) -> int:
            DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
            return amount

        @DBOS.workflow()
        async def checkout(amount: int) -> int:
            return pay(amount)

        with SetWorkflowID("w"):
            assert await checkout(1) == 1
        with pytest.raises(error.DBOSInitializationError, match=r"DBOS\.destroy\(\) first"):
            DBOS.reset_system_database()
        await app.crash_async()
        DBOS(config=config)
        DBOS.reset_system_database()
        assert second.sql("SELECT amount FROM payments") == [{"amount": 1}]
        DBOS.launch()
        assert await DBOS.list_workflows_async() == []
        with SetWorkflowID("w"):
            assert await checkout(2) == 2
        assert second.sql("SELECT amount FROM payments ORDER BY amount") == [{"amount": 1}, {"amount": 2}]
    with pytest.raises(error.DBOSInitializationError, match="There is no configuration"):
        DBOS.reset_system_database()
