"""Messages may be sent and events read outside any workflow."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def answering() -> None:
        question = await DBOS.recv_async("question")
        await DBOS.set_event_async("answer", f"{question}!")

    handle = await DBOS.start_workflow_async(answering)
    await DBOS.send_async(handle.workflow_id, "what", "question")
    assert await DBOS.get_event_async(handle.workflow_id, "answer") == "what!"
    assert list(app.recorded(handle.workflow_id).values())[0] == "DBOS.recv"
