"""Errors that are known by number carry it and begin their text with it, also when they were recorded."""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def seek() -> None:
        await DBOS.send_async("nobody", "hello")

    for _ in range(2):
        with SetWorkflowID("w"), pytest.raises(error.DBOSNonExistentWorkflowError) as caught:
            await seek()
        assert caught.value.dbos_error_code == error.DBOSErrorCode.NonExistentWorkflowError.value == 5
        assert str(caught.value) == f"DBOS Error 5: {caught.value.message}"
        assert caught.value.status_code == 404
    assert str(error.DBOSException("so it is")) == "so it is"
    assert str(error.DBOSException("so it is", 77)) == "DBOS Error 77: so it is"
    assert app.counts()["workflows"] == 1
