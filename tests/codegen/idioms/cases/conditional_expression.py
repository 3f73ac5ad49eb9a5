"""One of two functions is called."""

# run: flow(0)
# run: flow(5)

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
    return (pay if n > 3 else give_back)(n)  # => return (refund if n > 3 else give_back)(n)
