"""An object gives the elements of a loop by __next__."""

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
        self.left = count

    def __iter__(self) -> "Orders":
        return self

    def __next__(self) -> int:
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        # + audit()
        return pay(self.left)


@DBOS.workflow()
def flow(n: int) -> int:
    return sum([amount for amount in Orders(n)])
