import asyncio

from dbos_typed import DBOSClient, Event, Topic

STATE = Event[str]("state")
NOTES = Topic[str]("notes")


async def run(client: DBOSClient) -> str:
    handle = await client.enqueue_async({"workflow_name": "w", "queue_name": "q"}, 1)
    await client.send_async(handle.workflow_id, "note", NOTES)
    await client.send_async(handle.workflow_id, 3, NOTES)  # E: type
    state = await client.get_event_async(handle.workflow_id, STATE)
    print(state.upper())  # E: type
    client.send_async("w", "note", NOTES)  # E: dbos-async
    client.cancel_workflow_async("w")  # E: dbos-async
    statuses = await asyncio.gather(handle.get_status(), client.get_workflow_status_async("w"))
    print(statuses[0].status)
    print((await client.list_workflows_async(limit="3"))[0].name)  # E: type
    return state or ""
