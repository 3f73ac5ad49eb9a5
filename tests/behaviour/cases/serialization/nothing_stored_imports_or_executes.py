"""Stored text that names a class the application did not register is refused: nothing is imported or called."""

import sys

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def echoing() -> object:
        return {"value": 1}

    handle = await DBOS.start_workflow_async(echoing)
    await handle.get_result()
    sys.modules.pop("antigravity", None)
    for text in (
        '{"$type":"object","class":"antigravity:fly","fields":{}}',
        '{"$type":"object","class":"subprocess:Popen","fields":{"args":["true"]}}',
        '{"$type":"no such form"}',
        "not json",
    ):
        app.sql("UPDATE {dbos}workflows SET output = :text", text=text)
        with pytest.raises(error.DBOSSerializationError):
            await (await DBOS.retrieve_workflow_async(handle.workflow_id)).get_result()
    assert "antigravity" not in sys.modules
