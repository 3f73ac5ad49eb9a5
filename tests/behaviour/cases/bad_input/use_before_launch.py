"""Every call before DBOS(...) or launch() raises DBOSInitializationError that says which call is missing."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    @DBOS.workflow()
    async def ordering() -> None: ...

    @DBOS.transaction()
    def pay() -> None: ...

    async def every_call(missing: str) -> None:
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await ordering()
        with pytest.raises(error.DBOSInitializationError, match=missing):
            pay()
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.start_workflow_async(ordering)
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.retrieve_workflow_async("id")
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.send_async("id", 1)
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.recv_async()
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.set_event_async("key", 1)
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.get_event_async("id", "key")
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.sleep_async(1)
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.list_workflows_async()
        with pytest.raises(error.DBOSInitializationError, match=missing):
            await DBOS.cancel_workflow_async("id")
        with pytest.raises(error.DBOSInitializationError, match=missing):
            DBOS.recover_pending_workflows(["here"])
        with pytest.raises(error.DBOSInitializationError, match=missing):
            _ = DBOS.executor_id

    with pytest.raises(error.DBOSInitializationError, match=r"DBOS\(config=…\) first"):
        DBOS.launch()
    await every_call(r"call DBOS\(config=…\) and then DBOS\.launch\(\) first")
    DBOS(config=app.config)
    await every_call(r"call DBOS\.launch\(\) first")
    DBOS.logger.info("the logger needs nothing")
