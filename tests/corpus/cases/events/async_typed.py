from dbos_typed import DBOS, Event, Topic

STATE = Event[str]("state")
COMMANDS = Topic[list[str]]("commands")


@DBOS.workflow()
async def agent(name: str) -> str:
    await DBOS.set_event_async(STATE, name)
    await DBOS.set_event_async(STATE, 1)  # E: type
    commands = await DBOS.recv_async(COMMANDS, timeout_seconds=5)
    if commands:
        return commands[0]
    return await DBOS.recv_async(COMMANDS)  # E: type


async def drive(workflow_id: str) -> str:
    await DBOS.send_async(workflow_id, ["stop"], COMMANDS)
    await DBOS.send_async(workflow_id, "stop", COMMANDS)  # E: type
    state = await DBOS.get_event_async(workflow_id, STATE)
    print(state.upper())  # E: type
    return state or ""
