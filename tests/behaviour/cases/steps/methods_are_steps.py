"""Methods, class methods and static methods are steps, also of classes that the engine does not know."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    class Client:
        def __init__(self, factor: int) -> None:
            self.factor = factor

        @DBOS.step()
        async def scaled(self, number: int) -> int:
            return self.factor * number

        @classmethod
        @DBOS.step()
        async def named(cls) -> str:
            return cls.__name__

        @staticmethod
        @DBOS.step()
        async def plain(number: int) -> int:
            return number

    client = Client(3)

    @DBOS.workflow()
    async def calling() -> list[object]:
        return [await client.scaled(2), await client.named(), await Client.plain(1)]

    handle = await DBOS.start_workflow_async(calling)
    assert await handle.get_result() == [6, "Client", 1]
    client.factor = 100
    assert await app.rerun_async(handle.workflow_id, keep=3) == [6, "Client", 1]
