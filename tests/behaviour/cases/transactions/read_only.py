"""A read-only transaction is recorded after it has read, and cannot write."""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

DATABASES = ("postgres",)  # SQLite has no read-only transactions


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction(read_only=True)
    def count() -> int:
        return int(DBOS.sql_session.execute(sa.text("SELECT count(*) FROM payments")).scalar_one())

    @DBOS.transaction(read_only=True)
    def pay() -> None:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (1)"))

    @DBOS.workflow()
    async def looking() -> int:
        return count()

    handle = await DBOS.start_workflow_async(looking)
    assert await handle.get_result() == 0
    app.sql("INSERT INTO payments VALUES (1)")
    assert await app.rerun_async(handle.workflow_id, keep=1) == 0
    assert await app.rerun_async(handle.workflow_id, keep=0) == 1
    with pytest.raises(sa.exc.DBAPIError, match="read-only"):
        pay()
