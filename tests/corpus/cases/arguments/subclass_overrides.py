from dbos_typed import DBOS, DBOSConfiguredInstance


class Base(DBOSConfiguredInstance):
    def process(self, name: str) -> str:
        return name

    @DBOS.workflow()
    def run(self, name: str) -> str:
        return self.process(name)


class Derived(Base):
    def process(self, name: str) -> str:
        return name.upper()


class Broken(Base):
    def process(self, name: int) -> str:  # E: type
        return str(name)


DBOS.start_workflow(Derived("d").run, "a")
DBOS.start_workflow(Derived("e").run, 1)  # E: type
DBOS.start_workflow(Derived("f").process, "a")  # E: dbos-workflow
