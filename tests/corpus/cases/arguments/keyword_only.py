from dbos_typed import DBOS


@DBOS.workflow()
def ship(order_id: str, *, express: bool = False, carrier: str) -> str:
    return f"{carrier}/{order_id}" if express else order_id


DBOS.start_workflow(ship, "o", carrier="dhl")
DBOS.start_workflow(ship, order_id="o", express=True, carrier="ups")
DBOS.start_workflow(ship, "o", True, carrier="dhl")  # E: type
DBOS.start_workflow(ship, "o", expres=True, carrier="dhl")  # E: type
DBOS.start_workflow(ship, "o", express=True)  # E: type
