from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Pipeline(DBOSConfiguredInstance):
    @DBOS.workflow()
    def run(self, source: str) -> int:
        return self.size(source)

    @DBOS.step()
    def size(self, source: str) -> int:
        return len(source)

    @classmethod
    @DBOS.workflow()
    def sweep(cls, days: int) -> str:
        return str(days)


pipeline = Pipeline("p")
print(DBOS.retrieve_workflow("w", workflow=pipeline.run).get_result() + 1)
print(DBOS.retrieve_workflow("w", workflow=pipeline.run).get_result().upper())  # E: type
print(DBOS.retrieve_workflow("w", workflow=pipeline.size))  # E: dbos-workflow
print(DBOS.resume_workflow("w", workflow=Pipeline.sweep).get_result().upper())
print(DBOS.resume_workflow("w", workflow=Pipeline.sweep).get_result() + 1)  # E: type
