from dbos_typed import DBOS


@DBOS.workflow()
def checkout(order_id: str, cents: int) -> str:
    return f"{order_id}:{cents}"


def main() -> None:
    DBOS.start_workflow(checkout, "o-1", 100)
    DBOS.start_workflow(checkout, "o-1", cents=100)
    DBOS.start_workflow(checkout, "o-1", "100")  # E: type
    DBOS.start_workflow(checkout, "o-1")  # E: type
    DBOS.start_workflow(checkout, "o-1", 100, 3)  # E: type
    checkout("o-2", 5)
    checkout(5, 5)  # E: type
