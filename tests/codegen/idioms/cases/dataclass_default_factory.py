"""A dataclass has a gateway that a factory makes."""

# run: flow(1)

from dataclasses import dataclass, field

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
        # + audit()
        return pay(n)


@dataclass
class Services:
    gateway: Gateway = field(default_factory=Gateway)


@DBOS.workflow()
def flow(n: int) -> int:
    return Services().gateway.charge(n)
