from dbos_typed import DBOS


@DBOS.workflow()
def total(label: str, *amounts: int) -> int:
    return sum(amounts) + len(label)


DBOS.start_workflow(total, "sum")
DBOS.start_workflow(total, "sum", 1, 2, 3)
DBOS.start_workflow(total, "sum", *[4, 5])
DBOS.start_workflow(total, "sum", 1, "2")  # E: type
DBOS.start_workflow(total, "sum", *["4"])  # E: type
