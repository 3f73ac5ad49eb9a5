"""A schema that a newer release created is refused: the versions are named and nothing is changed."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

FRESH_DATABASE = True


async def check(app: App) -> None:
    await app.crash_async()
    app.sql("UPDATE {dbos}schema_version SET version_num = '9999'")
    with pytest.raises(error.DBOSInitializationError, match=r"9999.*upgrade dbos_typed"):
        app.launch()
    assert app.sql("SELECT version_num FROM {dbos}schema_version") == [{"version_num": "9999"}]
    with pytest.raises(error.DBOSInitializationError):
        await DBOS.send_async("id", 1)
