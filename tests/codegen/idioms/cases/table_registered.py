"""A decorator of the project puts functions into a dict."""

# run: flow("pay", 1)
# run: flow("refund", 2)

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


HANDLERS: dict[str, Callable[[int], int]] = {}


def handles(kind: str) -> Callable[[Callable[[int], int]], Callable[[int], int]]:
    def register(function: Callable[[int], int]) -> Callable[[int], int]:
        HANDLERS[kind] = function
        return function

    return register


@handles("pay")
def charge(n: int) -> int:
    return pay(n)


@handles("refund")
def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return HANDLERS[kind](n)
