from dbos_typed import DBOS, Event

STEP = Event[int]("step")


@DBOS.workflow()
async def climb(stairs: int) -> int:
    DBOS.set_event_async(STEP, 0)  # E: dbos-async
    for stair in range(stairs):
        await DBOS.set_event_async(STEP, stair)
        DBOS.sleep_async(1)  # E: dbos-async
    DBOS.send_async("other", stairs)  # E: dbos-async
    answer = DBOS.recv_async("answer")  # E: dbos-async
    del answer
    later = DBOS.recv_async("later")
    print(await later)
    return stairs
