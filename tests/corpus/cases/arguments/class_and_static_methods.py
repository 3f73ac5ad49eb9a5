from dbos_typed import DBOS


@DBOS.dbos_class()
class Billing:
    rate = 19

    @classmethod
    @DBOS.workflow()
    def invoice(cls, customer: str, cents: int) -> int:
        return cents * (100 + cls.rate) // 100 + len(customer)

    @staticmethod
    @DBOS.workflow()
    def dun(customer: str, level: int = 1) -> str:
        return customer * level


DBOS.start_workflow(Billing.invoice, "acme", 100)
DBOS.start_workflow(Billing.invoice, "acme", "100")  # E: type
DBOS.start_workflow(Billing.invoice, 100)  # E: type
DBOS.start_workflow(Billing.dun, "acme")
DBOS.start_workflow(Billing.dun, "acme", level="2")  # E: type
Billing.dun("acme", 2)
Billing.dun(2)  # E: type
