"""Functions are taken from a queue in memory until it is empty."""

# run: flow(0)
# run: flow(5)

from collections import deque

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
    todo = deque([pay, give_back] if n > 3 else [])
    total = 0
    while todo:
        total += todo.popleft()(n)
    return total
