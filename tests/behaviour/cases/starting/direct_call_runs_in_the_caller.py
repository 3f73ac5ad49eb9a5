"""A direct call runs in the caller's thread and returns the value, stored like any other workflow's."""

import threading

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def where() -> int:
        return threading.get_ident()

    assert await where() == threading.get_ident()
    assert [row["status"] for row in app.rows("workflows")] == ["SUCCESS"]
