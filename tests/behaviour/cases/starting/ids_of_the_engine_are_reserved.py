"""Ids that begin as the engine's own do are given by the engine alone; those that exist are found as ever."""

import pytest

from dbos_typed import DBOS, DBOSClient, Queue, SetWorkflowID
from tests.behaviour.app import App

RESERVED = ("sched-tick-2030-01-01T00:00:00+00:00", "kafka-unique-id-orders-0-shop-0", f"http-{64 * '0'}")


async def check(app: App) -> None:
    Queue("queue")

    @DBOS.workflow()
    async def work() -> str:
        return DBOS.workflow_id

    @DBOS.workflow()
    async def caller() -> list[str]:
        with SetWorkflowID(f"{DBOS.workflow_id}-summary"):
            own = await work()
        try:
            SetWorkflowID(RESERVED[0])
        except ValueError as refused:
            return [own, str(refused)]
        return [own, "taken"]

    with DBOSClient(app.database_url) as client:
        for reserved in RESERVED:
            with pytest.raises(ValueError, match="are given by the engine alone"):
                SetWorkflowID(reserved)
            with pytest.raises(ValueError, match="are given by the engine alone"):
                await client.enqueue_async(
                    {"workflow_name": "work", "queue_name": "queue", "workflow_id": reserved},
                )
    assert app.rows("workflows") == []

    # Like it, and no child of anything.
    with SetWorkflowID("order-17"):
        assert await work() == "order-17"

    # What exists under such an id is found, continued and copied as ever.
    app.sql("UPDATE {dbos}workflows SET workflow_id = :id", id=RESERVED[0])
    assert await (await DBOS.retrieve_workflow_async(RESERVED[0])).get_result() == "order-17"
    assert (await DBOS.resume_workflow_async(RESERVED[0])).workflow_id == RESERVED[0]
    copied = await DBOS.fork_workflow_async(RESERVED[0], 1)
    assert await copied.get_result() == copied.workflow_id

    # A workflow of the engine's may give its own children ids that begin with its own.
    with SetWorkflowID("old"):
        await caller()
    app.sql("DELETE FROM {dbos}workflows WHERE workflow_id = 'old-summary'")
    app.sql("DELETE FROM {dbos}steps WHERE workflow_id = 'old'")
    app.sql("UPDATE {dbos}workflows SET workflow_id = :id WHERE workflow_id = 'old'", id=RESERVED[2])
    app.sql(
        "UPDATE {dbos}workflows SET status = 'PENDING', output = NULL, executor_id = 'gone' WHERE workflow_id = :id",
        id=RESERVED[2],
    )
    await DBOS.recover_pending_workflows_async(["gone"])
    own, refused = await (await DBOS.retrieve_workflow_async(RESERVED[2])).get_result()
    assert own == f"{RESERVED[2]}-summary"
    assert "given by the engine alone" in refused
