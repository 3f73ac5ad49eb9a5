from dbos_typed import DBOS
from gen_events_async_handles.flows import AsyncHandled


async def talk(partner: AsyncHandled) -> str:
    handle = await DBOS.start_workflow_async(partner.converse, "ann")
    print(await DBOS.get_event_async(handle.workflow_id, "greeting"))
    print(await DBOS.get_event_async(handle.workflow_id, "greetings"))  # E: dbos-event
    await DBOS.send_async(handle.workflow_id, "fine", "answer")
    await DBOS.send_async(handle.workflow_id, 3, "answer")  # E: dbos-topic
    await DBOS.send_async(handle.workflow_id, "fine", "answers")  # E: dbos-topic
    found = await DBOS.retrieve_workflow_async("w", workflow=partner.converse)
    await DBOS.send_async(found.workflow_id, "fine", topic="answer")
    await DBOS.send_async(found.workflow_id, "fine", topic="reply")  # E: dbos-topic
    return await handle.get_result()
