"""Classes of a diamond call each other in the order of the method resolution."""

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


class Base:
    def charge(self, n: int) -> int:
        return n


class Paying(Base):
    def charge(self, n: int) -> int:
        return pay(super().charge(n))


class Refunding(Base):
    def charge(self, n: int) -> int:
        # + audit()
        return refund(super().charge(n))


class Both(Paying, Refunding):  # => class Both(Refunding, Paying):
    pass


@DBOS.workflow()
def flow(n: int) -> int:
    return Both().charge(n)
