"""A gateway is given to the constructor at module level, without an annotation."""

# run: FLOW.run(1)

from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class StripeGateway:
    def charge(self, n: int) -> int:
        # + audit()
        return pay(n)


class OtherGateway:
    def charge(self, n: int) -> int:
        return refund(n)


@DBOS.dbos_class()
class Flow(DBOSConfiguredInstance):
    def __init__(self, name: str, gateway) -> None:
        super().__init__(name)
        self.gateway = gateway

    @DBOS.workflow()
    def run(self, n: int) -> int:
        return self.gateway.charge(n)


FLOW = Flow("injected", gateway=StripeGateway())  # => FLOW = Flow("injected", gateway=OtherGateway())
