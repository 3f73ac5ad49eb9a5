from dbos_typed import DBOS


@DBOS.workflow()
def stock(sku: str) -> int:
    return len(sku)


@DBOS.workflow()
def report(skus: list[str]) -> dict[str, int]:
    handles = {sku: DBOS.start_workflow(stock, sku) for sku in skus}
    levels = {sku: handle.get_result() for sku, handle in handles.items()}
    wrong: dict[str, str] = {sku: handle.get_result() for sku, handle in handles.items()}  # E: type
    print(wrong)
    return levels


@DBOS.workflow()
def report_text(skus: list[str]) -> str:
    return ", ".join(stock(sku) for sku in skus)  # E: type
