"""A second step, transaction, workflow or class of one name in a module is refused with both places.

Older behaviour: it took the place of the first, into which what the first had recorded was replayed.
"""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    for _ in range(2):

        @DBOS.step()
        def step() -> int:
            return 1

        @DBOS.transaction()
        def transaction() -> int:
            return 1

        @DBOS.workflow()
        async def workflow() -> int:
            return step() + transaction()

        @DBOS.dbos_class()
        class Shop:
            @DBOS.step()
            def stock(self) -> int:
                return 1

    # A step may have the name of a workflow: records tell them apart.
    @DBOS.step(name="check.<locals>.workflow")
    def namesake() -> int:
        return 1

    def second_step() -> None:
        def other() -> int:
            return 2

        other.__qualname__ = "check.<locals>.step"
        DBOS.step()(other)

    def second_transaction() -> None:
        def other() -> int:
            return 2

        other.__qualname__ = "check.<locals>.transaction"
        DBOS.transaction()(other)

    def second_workflow() -> None:
        async def other() -> int:
            return 2

        other.__qualname__ = "check.<locals>.workflow"
        DBOS.workflow()(other)

    def second_class() -> None:
        class Shop:
            def price(self) -> int:
                return 2

        Shop.__qualname__ = "check.<locals>.Shop"
        DBOS.dbos_class()(Shop)

    def second_method() -> None:
        class Shop:
            def stock(self) -> int:
                return 2

        Shop.stock.__qualname__ = "check.<locals>.Shop.stock"
        DBOS.step()(Shop.stock)

    for name, again in {
        "step": second_step,
        "transaction": second_transaction,
        "workflow": second_workflow,
        "Shop": second_class,
        "Shop.stock": second_method,
    }.items():
        with pytest.raises(error.DBOSConflictingRegistrationError, match=r"Give one of them another name") as refused:
            again()
        assert refused.value.name == f"check.<locals>.{name}"
        places = (refused.value.registered, refused.value.conflicting)
        assert f":check.<locals>.{name} (" in places[0]
        assert all(".py:" in place for place in places), places
        assert places[0] != places[1]
    assert await workflow() == 2
