from dbos_typed import DBOS, DBOSConfiguredInstance


class Flow(DBOSConfiguredInstance):
    def progress(self, percent: int) -> None:
        DBOS.set_event("progress", percent)

    def pause(self, seconds: float) -> None:
        DBOS.sleep(seconds)

    def title(self) -> str:
        return self.config_name.title()
