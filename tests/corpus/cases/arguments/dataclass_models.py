from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class Item:
    sku: str
    quantity: int


@dataclass(frozen=True)
class Address:
    street: str
    city: str


@DBOS.workflow()
def place(items: list[Item], to: Address) -> int:
    return sum(item.quantity for item in items) + len(to.city)


def submit(items: list[Item], home: Address) -> None:
    DBOS.start_workflow(place, items, home)
    DBOS.start_workflow(place, [Item("a", 1)], to=home)
    DBOS.start_workflow(place, home, items)  # E: type
    DBOS.start_workflow(place, Item("a", 1), home)  # E: type
    DBOS.start_workflow(place, [Item("a", "1")], home)  # E: type
