"""Patches guard the body of a workflow: elsewhere, and under an empty name, they are refused."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def step() -> None:
        with pytest.raises(error.DBOSContextError, match=r"DBOS\.patch.*in a step"):
            await DBOS.patch_async("name")

    @DBOS.workflow()
    async def order() -> None:
        await step()
        with pytest.raises(ValueError, match="name of a patch"):
            await DBOS.patch_async("")

    with pytest.raises(error.DBOSContextError, match=r"DBOS\.patch"):
        await DBOS.patch_async("name")
    with pytest.raises(error.DBOSContextError, match=r"DBOS\.deprecate_patch"):
        await DBOS.deprecate_patch_async("name")
    with SetWorkflowID("w"):
        await order()
    assert len(app.recorded("w")) == 1
