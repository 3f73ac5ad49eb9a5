"""A second workflow of the same name is refused and both are named; the same module may be imported again.

Older behaviour: the order of imports picked one of them.
"""

import pytest

from dbos_typed import DBOS, DBOSConfiguredInstance, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    def define() -> object:
        @DBOS.workflow(name="ordering")
        async def ordering() -> int:
            return 1

        return ordering

    define()
    define()
    with pytest.raises(error.DBOSConflictingRegistrationError) as refused:

        @DBOS.workflow(name="ordering")
        async def other() -> int:
            return 2

    message = str(refused.value)
    assert refused.value.name == "ordering"
    assert "define.<locals>.ordering" in message
    assert "check.<locals>.other" in message
    assert "name=" in message

    @DBOS.dbos_class("Shop")
    class Shop(DBOSConfiguredInstance): ...

    Shop("east")
    with pytest.raises(error.DBOSConflictingRegistrationError, match="Shop/east"):
        Shop("east")
    with pytest.raises(error.DBOSConflictingRegistrationError, match="Shop"):

        @DBOS.dbos_class("Shop")
        class Warehouse: ...

    assert app.counts()["workflows"] == 0
