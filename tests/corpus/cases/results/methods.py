from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Meter(DBOSConfiguredInstance):
    @DBOS.workflow()
    def read(self, sensor: str) -> dict[str, float]:
        return {sensor: 1.0}

    @classmethod
    @DBOS.workflow()
    def reset(cls) -> bool:
        return True

    @staticmethod
    @DBOS.workflow()
    async def ping(host: str) -> int:
        return len(host)


meter = Meter("m")
readings = DBOS.start_workflow(meter.read, "a").get_result()
print(readings["a"] * 2)
print(readings[0])  # E: type
ok: bool = DBOS.start_workflow(Meter.reset).get_result()
name: str = DBOS.start_workflow(Meter.reset).get_result()  # E: type


async def main() -> str:
    handle = await DBOS.start_workflow_async(Meter.ping, "h")
    print(await handle.get_result() + 1)
    return await handle.get_result()  # E: type
