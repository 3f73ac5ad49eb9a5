"""A class is the decorator of a helper."""

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


class Logged:
    def __init__(self, function) -> None:
        self.function = function

    def __call__(self, n: int) -> int:
        # + audit()
        refund(0)
        return self.function(n)


@Logged
def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)
