from typing import overload

from dbos_typed import DBOS, DBOSConfiguredInstance


class Reader(DBOSConfiguredInstance):
    @overload
    async def read(self, key: int) -> bytes: ...
    @overload
    async def read(self, key: str) -> str: ...
    @DBOS.workflow()
    async def read(self, key: int | str) -> bytes | str:
        return key if isinstance(key, str) else bytes(key)

    async def use(self) -> str:
        blob = await self.read(1)
        print(blob.decode())
        await self.read(1.5)  # E: type
        text: str = await self.read(1)  # E: type
        return text + await self.read("k")
