from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class Receipt:
    total: int
    lines: tuple[str, ...]


@DBOS.workflow()
def checkout(order_id: str) -> Receipt:
    return Receipt(total=len(order_id), lines=(order_id,))


handle = DBOS.start_workflow(checkout, "o")
print(handle.get_result().total + 1)
print(handle.get_result().totl)  # E: type
print(handle.get_result().total + "EUR")  # E: type
for line in handle.get_result().lines:
    print(line.upper())
    print(line.cents)  # E: type
