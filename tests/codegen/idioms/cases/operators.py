"""An object makes calls when it is added, compared, negated and tested."""

# run: flow(1)

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


class Money:
    def __add__(self, other: int) -> int:
        # + audit()
        return pay(other)

    def __lt__(self, other: int) -> bool:
        # + audit()
        return refund(other) < 0

    def __neg__(self) -> int:
        # + audit()
        return pay(2)

    def __bool__(self) -> bool:
        # + audit()
        return pay(3) > 0


@DBOS.workflow()
def flow(n: int) -> int:
    money = Money()
    total = money + n
    total += money < 3
    total += -money
    if money:
        total += 1
    return total
