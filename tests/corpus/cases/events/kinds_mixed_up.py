from dbos_typed import DBOS, Event, Stream, Topic

DONE = Event[bool]("done")
ORDERS = Topic[str]("orders")
LINES = Stream[str]("lines")


@DBOS.workflow()
def work() -> bool:
    DBOS.set_event(DONE, True)
    DBOS.set_event(ORDERS, "a")  # E: type
    DBOS.recv(DONE)  # E: type
    order = DBOS.recv(ORDERS)
    DBOS.write_stream(LINES, order or "")
    DBOS.write_stream(DONE, True)  # E: type
    DBOS.write_stream(LINES, 3)  # E: type
    return order is not None


def outside(workflow_id: str) -> None:
    DBOS.get_event(workflow_id, ORDERS)  # E: type
    DBOS.send(workflow_id, "a", DONE)  # E: type
