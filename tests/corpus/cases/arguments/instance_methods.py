from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Warehouse(DBOSConfiguredInstance):
    def __init__(self, name: str, country: str) -> None:
        super().__init__(name)
        self.country = country

    @DBOS.workflow()
    def restock(self, sku: str, quantity: int) -> int:
        return self.count(sku) + quantity

    @DBOS.step()
    def count(self, sku: str) -> int:
        return len(sku)


berlin = Warehouse("berlin", "de")
DBOS.start_workflow(berlin.restock, "teapot", 3)
DBOS.start_workflow(berlin.restock, "teapot", quantity=3)
DBOS.start_workflow(berlin.restock, 3, "teapot")  # E: type
DBOS.start_workflow(berlin.restock, "teapot")  # E: type
DBOS.start_workflow(berlin.count, "teapot")  # E: dbos-workflow
berlin.restock("teapot", 3)
berlin.restock("teapot", None)  # E: type
