"""A parameter or result of a type that cannot be stored is refused when the workflow is decorated."""

import threading
from collections.abc import Iterator

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    with pytest.raises(error.DBOSSerializationError, match="guard") as parameter:

        @DBOS.workflow()
        async def locking(guard: threading.Lock) -> None: ...

    assert "locking" in str(parameter.value)
    with pytest.raises(error.DBOSSerializationError, match="generator|iterator"):

        @DBOS.workflow()
        async def yielding() -> Iterator[int]:
            return iter([1])

    with pytest.raises(error.DBOSSerializationError, match="lock"):

        @DBOS.workflow()
        async def nesting(guards: dict[str, list[threading.Lock]]) -> None: ...

    # A refused workflow is not registered: its name is free.
    @DBOS.workflow(name="check.<locals>.locking")
    async def fine(guard: str) -> None: ...

    app.launch()
