from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
def price(sku: str) -> float:
    return float(len(sku))


def use() -> str:
    handle = DBOS.start_workflow(price, "a")
    whole: int = handle.get_result()  # E: type
    exact: float = handle.get_result(timeout_seconds=3)
    named: WorkflowHandle[float] = handle
    other: WorkflowHandle[str] = handle  # E: type
    return f"{whole} {exact} {named} {other}" + handle.get_result()  # E: type
