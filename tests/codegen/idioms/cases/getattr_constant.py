"""A method is taken by its name."""

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


class Account:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return getattr(Account(), "charge")(n)
