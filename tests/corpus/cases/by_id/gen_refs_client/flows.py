from dbos_typed import DBOS


@DBOS.workflow()
def client_print(document: str, copies: int = 1) -> int:
    return len(document) * copies


@DBOS.workflow()
async def client_scan(page: int) -> bytes:
    return bytes(page)
