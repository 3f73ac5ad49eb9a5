from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Robot(DBOSConfiguredInstance):
    def wait(self, seconds: float) -> None:
        DBOS.sleep(seconds)

    def describe(self) -> str:
        return self.config_name

    @DBOS.step()
    def move(self, x: int) -> int:
        print(self.describe())
        self.wait(1)  # E: dbos-context
        return x

    @DBOS.workflow()
    def patrol(self, rounds: int) -> int:
        self.wait(1)
        return sum(self.move(n) for n in range(rounds))
