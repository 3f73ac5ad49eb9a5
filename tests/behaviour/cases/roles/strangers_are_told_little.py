"""The text of a refusal names no roles, because it may reach strangers; the note beside it names them for developers."""

import pytest

from dbos_typed import DBOS, DBOSContextSetAuth, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.required_roles(["accountant"])
    @DBOS.workflow()
    async def pay() -> None: ...

    with DBOSContextSetAuth("bob", ["guest"]), pytest.raises(error.DBOSNotAuthorizedError) as caught:
        await pay()
    assert "pay" in str(caught.value)
    for detail in ("accountant", "guest", "bob"):
        assert detail not in str(caught.value)
        assert detail in caught.value.__notes__[0]
    assert app.counts()["workflows"] == 0
