"""A stored exception of a class that this process does not know comes back as RemoteError with name and message."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def failing() -> None:
        raise ValueError("no", 7)

    handle = await DBOS.start_workflow_async(failing)
    with pytest.raises(ValueError, match="no") as known:
        await handle.get_result()
    assert known.value.args == ("no", 7)
    assert "builtins:ValueError" in app.row(handle.workflow_id)["error"]
    app.sql("UPDATE {dbos}workflows SET error = REPLACE(error, 'builtins:ValueError', 'os:system')")
    retrieved = await DBOS.retrieve_workflow_async(handle.workflow_id)
    with pytest.raises(error.RemoteError, match="no") as unknown:
        await retrieved.get_result()
    assert "system" in unknown.value.type_name
