"""Arguments that do not fit the signature are a TypeError before anything is stored."""

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def ordering(item: str, *, count: int) -> None: ...

    before = app.counts()
    for args, kwargs in (((), {}), (("a",), {}), (("a", "b"), {"count": 1}), (("a",), {"count": 1, "size": 2})):
        with pytest.raises(TypeError, match="ordering"):
            await DBOS.start_workflow_async(ordering, *args, **kwargs)  # type: ignore[arg-type]  # the mistake under test
    assert app.counts() == before
