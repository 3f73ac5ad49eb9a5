from dbos_typed import DBOS


@DBOS.workflow()
async def child(name: str) -> str:
    return name


@DBOS.step()
async def think(question: str) -> str:
    await DBOS.sleep_async(1)  # E: dbos-context
    hint = await DBOS.recv_async("hint")  # E: dbos-context
    await DBOS.set_event_async("thinking", True)  # E: dbos-context
    handle = await DBOS.start_workflow_async(child, question)  # E: dbos-context
    return await handle.get_result() + str(hint)


@DBOS.workflow()
async def agent(question: str) -> str:
    await DBOS.sleep_async(1)
    await DBOS.set_event_async("thinking", True)
    handle = await DBOS.start_workflow_async(child, question)
    return await think(question) + await handle.get_result()
