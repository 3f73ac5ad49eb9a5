"""A second step, transaction or workflow of one name in a module is warned about, and importing again is not."""

from dbos_typed import DBOS
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
            return 1

    assert not [line for line in app.log if "Duplicate registration" in line]

    @DBOS.step()  # type: ignore[no-redef]  # which is what the warning is about
    def step() -> int:
        return 2

    @DBOS.transaction()  # type: ignore[no-redef]  # which is what the warning is about
    def transaction() -> int:
        return 2

    @DBOS.workflow()  # type: ignore[no-redef]  # which is what the warning is about
    async def workflow() -> int:
        return step() + transaction()

    warnings = [line for line in app.log if "Duplicate registration" in line]
    for name in ("step", "transaction", "workflow"):
        assert any(f"function 'check.<locals>.{name}'" in line and f"a {name} of this name" in line for line in warnings)
    assert len(warnings) == 3
    assert await workflow() == 4
