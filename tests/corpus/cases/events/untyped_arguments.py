from dbos_typed import DBOS, Event


class Keys:
    STATUS = Event[str]("status")
    COUNT: Event[int] = Event("count")


@DBOS.workflow()
def job() -> None:
    DBOS.set_event(Keys.STATUS, "started")
    DBOS.set_event(Keys.STATUS, None)  # E: type
    DBOS.set_event(Keys.COUNT, 1)
    DBOS.set_event(Keys.COUNT, 1.5)  # E: type
    DBOS.set_event(3, "x")  # E: type


def read(workflow_id: str) -> int:
    status = DBOS.get_event(workflow_id, Keys.STATUS)
    count = DBOS.get_event(workflow_id, Keys.COUNT)
    print(len(status))  # E: type
    return (count or 0) + len(status or "")
