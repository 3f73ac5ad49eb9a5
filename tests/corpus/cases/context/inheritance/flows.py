from dbos_typed import DBOS
from inheritance.base import Flow


@DBOS.dbos_class()
class Upload(Flow):
    @DBOS.step()
    def send(self, path: str) -> str:
        self.progress(50)  # E: dbos-context
        return self.title() + path

    @DBOS.transaction()
    def store(self, path: str) -> str:
        self.pause(1)  # E: dbos-context
        return self.title() + path

    @DBOS.workflow()
    def run(self, path: str) -> str:
        self.progress(0)
        self.pause(1)
        return self.send(path) + self.store(path)
