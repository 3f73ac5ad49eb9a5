from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class("Shop")
class RemoteShop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def restock(self, sku: str, count: int) -> int:
        return count + len(sku)


@DBOS.workflow()
def remote_nightly(day: str = "today") -> str:
    return day
