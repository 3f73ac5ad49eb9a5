from dbos_typed import DBOS, DBOSConfiguredInstance


class Importer(DBOSConfiguredInstance):
    @DBOS.workflow()
    def run(self, path: str, limit: int = 10) -> int:
        return limit if path else 0


@DBOS.dbos_class()
class CsvImporter(Importer):
    def delimiter(self) -> str:
        return ";"


csv = CsvImporter("csv")
DBOS.start_workflow(csv.run, "in.csv")
DBOS.start_workflow(csv.run, "in.csv", "10")  # E: type
DBOS.start_workflow(csv.run, limit=3)  # E: type
DBOS.start_workflow(csv.delimiter)  # E: dbos-workflow
