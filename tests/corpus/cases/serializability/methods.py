import asyncio

from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Pool(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.lock = asyncio.Lock()

    @DBOS.workflow()
    async def use(self, size: int) -> int:
        return size

    @DBOS.workflow()
    async def borrow(self, lock: asyncio.Lock) -> int:  # E: dbos-serializable
        return int(lock.locked())

    @classmethod
    @DBOS.workflow()
    async def spare(cls, tasks: list[asyncio.Task[int]]) -> int:  # E: dbos-serializable
        return len(tasks)

    @staticmethod
    @DBOS.step()
    async def queue(size: int) -> asyncio.Queue[int]:  # E: dbos-serializable
        return asyncio.Queue(size)
