from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class Receipt:
    total: int
    payment: str


@DBOS.step()
def ref_charge(cents: int) -> str:
    return str(cents)


@DBOS.workflow()
def ref_checkout(order_id: str, cents: int, *, express: bool = False) -> Receipt:
    return Receipt(cents + len(order_id), ref_charge(cents) if express else "")


@DBOS.workflow()
async def ref_notify(user: str) -> list[str]:
    return [user]
