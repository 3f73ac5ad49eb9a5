"""A dataclass makes a gateway, and a call, after it was made."""

# run: flow(1)

from dataclasses import dataclass

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


class Gateway:
    def charge(self, n: int) -> int:
        return pay(n)


@dataclass
class Services:
    start: int

    def __post_init__(self) -> None:
        # + audit()
        refund(self.start)
        self.gateway = Gateway()


@DBOS.workflow()
def flow(n: int) -> int:
    return Services(n).gateway.charge(n)
