"""Workflows of a module that imports the runtime in the common way."""

from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass
class Receipt:
    total: int


@DBOS.step()
def price(sku: str) -> int:
    return len(sku)


@DBOS.workflow()
def checkout(order_id: str, skus: list[str], *, express: bool = False) -> Receipt:
    """Check an order out.

    Back\\slashes, "quotes" and \"\"\"triple quotes\"\"\" survive.
    """
    DBOS.set_event("progress", 50)
    return Receipt(sum(price(sku) for sku in skus))


@DBOS.workflow(name="nightly-report")
def report() -> None:
    """Ends with a "quote\""""


@DBOS.workflow()
def totals() -> dict[str, list[tuple[int, ...]]]:
    return {}


def plain(order_id: str) -> None:
    """Neither a workflow nor a step."""
