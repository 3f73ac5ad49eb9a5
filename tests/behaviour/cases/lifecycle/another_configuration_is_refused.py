"""A second DBOS(config=...) with another configuration raises until destroy; with the same one it is fine."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    DBOS(config=app.config)
    with pytest.raises(error.DBOSInitializationError, match=r"DBOS\.destroy\(\)"):
        DBOS(config={**app.config, "name": "other"})
    with pytest.raises(error.DBOSInitializationError, match="another configuration"):
        app.launch(executor_id="there")
    assert DBOS.executor_id == "here"
    await app.crash_async()
    app.launch(executor_id="there")
    assert DBOS.executor_id == "there"
