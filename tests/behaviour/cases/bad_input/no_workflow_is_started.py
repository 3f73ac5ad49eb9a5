"""Starting what is no workflow names it and says what to do; nothing is started."""

import functools

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    async def undecorated() -> None: ...

    @DBOS.step()
    async def step() -> None: ...

    @DBOS.transaction()
    def transaction() -> None: ...

    before = app.counts()
    for function in (undecorated, step, transaction, lambda: None, functools.partial(undecorated), "a name", None):
        with pytest.raises(error.DBOSWorkflowFunctionNotFoundError) as refused:
            await DBOS.start_workflow_async(function)  # type: ignore[arg-type]  # the mistake under test
        message = str(refused.value)
        assert getattr(function, "__qualname__", repr(function)) in message
        assert "@DBOS.workflow()" in message
        assert "Nothing was started" in message
    assert app.counts() == before
