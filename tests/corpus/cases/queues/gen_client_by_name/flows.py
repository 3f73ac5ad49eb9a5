from dataclasses import dataclass

from dbos_typed import DBOS, Queue

remote_orders = Queue("remote-orders")


@dataclass(frozen=True)
class RemoteItem:
    sku: str


@DBOS.workflow()
def remote_checkout(order_id: str, items: list[RemoteItem], *, express: bool = False) -> str:
    return order_id if express else str(len(items))


@DBOS.workflow(name="refund-v2")
def remote_refund(order_id: str, cents: int) -> int:
    return cents + len(order_id)


@DBOS.workflow()
async def remote_mail(to: str) -> None:
    DBOS.logger.info(to)
