"""A recovered workflow gets the value that it got first, although the event has another value now."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    gate, read = app.gate(), app.gate()

    @DBOS.workflow()
    async def publishing() -> None:
        await DBOS.set_event_async("price", 10)
        await gate.wait_async()
        await DBOS.set_event_async("price", 20)

    @DBOS.workflow()
    async def buying() -> object:
        price = await DBOS.get_event_async("publisher", "price")
        read.open()
        return price

    with SetWorkflowID("publisher"):
        publisher = await DBOS.start_workflow_async(publishing)
    buyer = await DBOS.start_workflow_async(buying)
    await read.wait_async()
    gate.open()
    await publisher.get_result()
    assert await buyer.get_result() == 10
    assert await app.rerun_async(buyer.workflow_id, keep=2) == 10
    assert await app.rerun_async(buyer.workflow_id, keep=0) == 20
