"""A client enqueues by name, without the function; the application runs it and the client gets the result."""

from dataclasses import dataclass

from dbos_typed import DBOS, DBOSClient, Queue
from tests.behaviour.app import App


@dataclass
class Order:
    sku: str
    count: int


async def check(app: App) -> None:
    Queue("orders")

    @DBOS.workflow(name="checkout")
    async def checkout(customer: str, order: Order, *, gift: bool = False) -> str:
        return f"{customer}: {order.count} x {order.sku}{' as a gift' if gift else ''}"

    with DBOSClient(app.database_url) as client:
        options = {"workflow_name": "checkout", "queue_name": "orders", "workflow_id": "w"}
        handle = await client.enqueue_async(options, "ann", Order("tea", 2), gift=True)
        assert handle.workflow_id == "w"
        assert await handle.get_result() == "ann: 2 x tea as a gift"
        status = await handle.get_status()
    assert (status.status, status.app_version, status.queue_name) == ("SUCCESS", "1", "orders")
    row = app.row("w")
    assert (row["executor_id"], row["recovery_attempts"]) == ("here", 0)
