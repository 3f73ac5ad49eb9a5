"""commit and rollback in a transaction are refused at the call, and nothing is half committed."""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction()
    def pay(end: str) -> None:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (1)"))
        getattr(DBOS.sql_session, end)()

    @DBOS.workflow()
    async def paying(end: str) -> None:
        pay(end)

    for end in ("commit", "rollback"):
        with pytest.raises(error.DBOSContextError, match=rf"sql_session\.{end}\(\).*Return or raise"):
            pay(end)
        handle = await DBOS.start_workflow_async(paying, end)
        with pytest.raises(error.DBOSContextError, match=rf"sql_session\.{end}\(\)"):
            await handle.get_result()
    assert app.sql("SELECT amount FROM payments") == []
    assert {row["error"] is not None for row in app.rows("steps")} == {True}
