from dbos_typed import DBOS, Event, Topic

LEVEL = Event[float]("level")
ALARM = Topic[bool]("alarm")
NOTE = Topic[str | None]("note")


def report(level: float) -> None:
    DBOS.set_event(LEVEL, level)
    DBOS.set_event(LEVEL, f"{level:.1f}")  # E: type


@DBOS.workflow()
def tank(name: str) -> float:
    report(0.5)
    alarm = DBOS.recv(ALARM, timeout_seconds=10)
    note = DBOS.recv(NOTE)
    print(note.upper() if note else name)
    print(alarm.upper())  # E: type
    return 0.0


@DBOS.workflow()
def supervisor(tank_id: str) -> float:
    DBOS.send(tank_id, True, ALARM)
    DBOS.send(tank_id, None, NOTE)
    DBOS.send(tank_id, None, ALARM)  # E: type
    level = DBOS.get_event(tank_id, LEVEL, 5)
    return level  # E: type
