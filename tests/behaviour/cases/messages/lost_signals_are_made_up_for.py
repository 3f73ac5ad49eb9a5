"""A waiter whose signal was lost goes on nevertheless, at the next slow poll."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

DATABASES = ("postgres",)  # what writes behind the engine's back sends no signal there


async def check(app: App) -> None:
    @DBOS.workflow()
    async def receiving() -> str:
        return await DBOS.recv_async("topic", timeout_seconds=60)

    @DBOS.workflow()
    async def watching() -> str:
        return await DBOS.get_event_async("source", "key", timeout_seconds=60)

    @DBOS.workflow()
    async def source() -> None: ...

    with SetWorkflowID("source"):
        await source()
    app.sql("UPDATE {dbos}workflows SET status = 'PENDING', executor_id = 'elsewhere'")
    with SetWorkflowID("receiving"):
        first = await DBOS.start_workflow_async(receiving)
    second = await DBOS.start_workflow_async(watching)
    await app.until_async(lambda: app.counts()["steps"] == 2)
    app.sql(
        "INSERT INTO {dbos}messages (message_id, destination_id, topic, payload, created_at) "
        "VALUES ('m', 'receiving', 'topic', '\"hello\"', 1)"
    )
    app.sql("INSERT INTO {dbos}events VALUES ('source', 'key', '\"value\"', 1)")
    app.sql("UPDATE {dbos}workflows SET status = 'SUCCESS', output = 'null' WHERE workflow_id = 'source'")
    assert await first.get_result(timeout_seconds=20) == "hello"
    assert await second.get_result(timeout_seconds=20) == "value"
    assert await (await DBOS.retrieve_workflow_async("source")).get_result(timeout_seconds=20) is None
