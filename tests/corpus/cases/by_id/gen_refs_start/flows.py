from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.workflow()
def started_import(path: str, limit: int = 10) -> int:
    return limit if path else 0


@DBOS.workflow()
async def started_crawl(url: str, *, depth: int) -> str:
    return url * depth


@DBOS.dbos_class()
class StartedShop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def restock(self, sku: str, count: int) -> bool:
        return bool(sku) and count > 0

    @staticmethod
    @DBOS.workflow()
    def opening(day: str) -> int:
        return len(day)
