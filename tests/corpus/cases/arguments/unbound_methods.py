from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.dbos_class()
class Garage(DBOSConfiguredInstance):
    @DBOS.workflow()
    def repair(self, car: str, hours: int = 1) -> int:
        return hours + len(car)


garage = Garage("g")
DBOS.start_workflow(Garage.repair, garage, "car")
DBOS.start_workflow(Garage.repair, garage, "car", hours=2)
DBOS.start_workflow(Garage.repair, "car")  # E: type
DBOS.start_workflow(Garage.repair, garage, 3)  # E: type
Garage.repair(garage, "car")
Garage.repair("car", garage)  # E: type
