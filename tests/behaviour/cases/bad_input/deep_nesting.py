"""Values nested deeper than can be written or read again are refused; what is stored comes back."""

from typing import Any

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def echoing(value: Any) -> Any:
        return value

    handle = await DBOS.start_workflow_async(echoing, _nested(100))
    assert await handle.get_result() == _nested(100)
    assert await app.rerun_async(handle.workflow_id, keep=0) == _nested(100)
    before = app.counts()
    for depth in (2_000, 100_000):
        with pytest.raises(error.DBOSSerializationError, match="nested"):
            await DBOS.start_workflow_async(echoing, _nested(depth))
    assert app.counts() == before


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
