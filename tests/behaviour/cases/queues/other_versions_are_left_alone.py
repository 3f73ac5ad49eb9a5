"""A workflow enqueued for another version of the application waits for an executor of that version."""

from dbos_typed import DBOS, Queue, SetEnqueueOptions
from tests.behaviour.app import App


async def check(app: App) -> None:
    queue = Queue("work")

    @DBOS.workflow()
    async def work() -> str:
        return DBOS.application_version

    with SetEnqueueOptions(app_version="2"):
        newer = await queue.enqueue_async(work)
    assert await (await queue.enqueue_async(work)).get_result(timeout_seconds=20) == "1"
    assert app.row(newer.workflow_id)["status"] == "ENQUEUED"
    await app.crash_async()
    app.launch(application_version="2")
    again = await DBOS.retrieve_workflow_async(newer.workflow_id)
    assert await again.get_result(timeout_seconds=20) == "2"
