"""DBOS__VMID and DBOS__APPVERSION name the executor and the version, unless the configuration does."""

import os

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    @DBOS.workflow()
    async def work() -> None: ...

    given = {"DBOS__VMID": "machine-7", "DBOS__APPVERSION": "2025-06"}
    os.environ.update(given)
    try:
        app.launch(executor_id=None, application_version=None)
        await work()
        [row] = app.rows("workflows")
        assert (row["executor_id"], row["app_version"]) == ("machine-7", "2025-06")
        assert (DBOS.executor_id, DBOS.application_version) == ("machine-7", "2025-06")
        await app.crash_async()
        app.launch(executor_id="configured", application_version="1")
        assert (DBOS.executor_id, DBOS.application_version) == ("configured", "1")
    finally:
        for name in given:
            del os.environ[name]
