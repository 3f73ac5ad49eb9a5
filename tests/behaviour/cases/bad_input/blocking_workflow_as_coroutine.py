"""A synchronous workflow given to start_workflow_async is refused at the call."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

FORMS = ("async",)


async def check(app: App) -> None:
    @DBOS.workflow()
    def blocking() -> None: ...

    before = app.counts()
    with pytest.raises(error.DBOSContextError, match=r"blocking.*DBOS\.start_workflow\."):
        await DBOS.start_workflow_async(blocking)  # type: ignore[arg-type]  # the mistake under test
    assert app.counts() == before
