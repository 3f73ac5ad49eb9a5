from dbos_typed import DBOS, Event

PHASE = Event[str]("phase")


@DBOS.workflow()
async def deploy(name: str) -> None:
    DBOS.set_event(PHASE, "start")  # E: dbos-async
    DBOS.sleep(10)  # E: dbos-async
    if DBOS.recv("approve") is None:  # E: dbos-async
        await DBOS.set_event_async(PHASE, "refused")
        return
    await DBOS.sleep_async(10)
    DBOS.send("parent", name)  # E: dbos-async
    print(DBOS.get_event("parent", PHASE))  # E: dbos-async
    print(await DBOS.get_event_async("parent", PHASE))


@DBOS.workflow()
def deploy_blocking(name: str) -> None:
    DBOS.set_event(PHASE, "start")
    DBOS.sleep(10)
    DBOS.send("parent", name)
