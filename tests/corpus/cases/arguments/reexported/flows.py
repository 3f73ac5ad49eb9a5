from dbos_typed import DBOS


@DBOS.workflow()
def checkout(order_id: str) -> str:
    return order_id


@DBOS.workflow()
def refund(order_id: str, cents: int) -> int:
    return cents + len(order_id)
