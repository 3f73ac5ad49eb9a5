from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class KeyedMachine(DBOSConfiguredInstance):
    def report(self, degrees: float) -> None:
        DBOS.set_event("temperature", degrees)

    @DBOS.workflow()
    def operate(self, hours: int) -> bool:
        self.report(20.5)
        stop: bool | None = DBOS.recv("stop", timeout_seconds=hours * 3600)
        return bool(stop)
