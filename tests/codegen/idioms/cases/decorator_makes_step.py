"""A decorator of the project makes steps."""

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


def durable(function):
    return DBOS.step()(function)


@durable
def charge(n: int) -> int:
    return n


@durable  # => @DBOS.workflow()
def give_back(n: int) -> int:
    return -n


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n) + give_back(n)
