"""An argument that cannot be stored is refused with its place; nothing is started."""

import threading
from typing import Any

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="ordering")
    async def ordering(order: Any, count: int = 1) -> None: ...

    cycle: list[Any] = []
    cycle.append(cycle)
    before = app.counts()
    for value, place in (
        (threading.Lock(), "order"),
        ({"items": [0, open]}, "['items'][1]"),
        (iter([1]), "order"),
        (lambda: None, "order"),
        (cycle, "order"),
    ):
        with pytest.raises(error.DBOSSerializationError) as refused:
            await DBOS.start_workflow_async(ordering, value)
        assert place in refused.value.path
        assert "ordering" in str(refused.value)
    assert app.counts() == before
