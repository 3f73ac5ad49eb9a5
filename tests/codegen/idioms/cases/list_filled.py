"""Functions are put into a list, and then called."""

# run: flow(0)
# run: flow(5)

from collections.abc import Callable

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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    todo: list[Callable[[int], int]] = [pay]
    if n > 3:
        todo.append(give_back)
    return sum([do(n) for do in todo])
