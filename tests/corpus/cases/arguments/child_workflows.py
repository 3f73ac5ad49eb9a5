from dbos_typed import DBOS


@DBOS.workflow()
def reserve(sku: str, count: int) -> bool:
    return bool(sku) and count > 0


@DBOS.workflow()
async def announce(text: str) -> None:
    DBOS.logger.info(text)


@DBOS.workflow()
def order(sku: str, count: int) -> str:
    if not reserve(sku, count):
        return "none"
    reserve(count, sku)  # E: type
    handle = DBOS.start_workflow(reserve, sku, count)
    DBOS.start_workflow(reserve, sku, str(count))  # E: type
    return str(handle.get_result())


@DBOS.workflow()
async def campaign(text: str) -> None:
    await announce(text)
    await announce(text, 3)  # E: type
    handle = await DBOS.start_workflow_async(announce, text)
    await handle.get_result()
    await DBOS.start_workflow_async(announce, [text])  # E: type
