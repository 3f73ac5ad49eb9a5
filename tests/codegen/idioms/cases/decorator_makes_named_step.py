"""A decorator of the project makes steps with names of their own."""

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


def durable(name: str):
    def decorator(function):
        return DBOS.step(name=name)(function)

    return decorator


@durable("charge the card")  # => @durable("charge")
def charge(n: int) -> int:
    return n


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)
