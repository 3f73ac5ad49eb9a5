import asyncio

from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Courier(DBOSConfiguredInstance):
    async def publish(self, stage: str) -> None:
        DBOS.set_event("stage", stage)  # E: dbos-async

    async def announce(self, stage: str) -> None:
        await DBOS.set_event_async("stage", stage)

    @DBOS.step()
    async def carry(self, parcel: str) -> str:
        await asyncio.sleep(0)
        return parcel

    @DBOS.workflow()
    async def deliver(self, parcels: list[str]) -> int:
        await self.announce("start")
        await self.publish("start")  # E?: dbos-async
        self.carry(parcels[0])  # E: dbos-async
        done = await asyncio.gather(*[self.carry(parcel) for parcel in parcels])
        later = [self.carry(parcel) for parcel in parcels]
        for each in later:
            await each
        return len(done)
