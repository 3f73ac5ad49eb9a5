"""An object makes calls when a loop goes over it."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class Orders:
    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self):
        # + audit()
        refund(self.count)
        return iter([pay(each) for each in range(self.count)])


@DBOS.workflow()
def flow(n: int) -> int:
    total = 0
    for amount in Orders(n):
        total += amount
    return total
