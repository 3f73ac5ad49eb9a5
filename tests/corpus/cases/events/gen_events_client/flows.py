from dbos_typed import DBOS, Event, Topic

CLIENT_STATUS = Event[str]("status")
CLIENT_STOP = Topic[bool]("stop")


@DBOS.workflow()
def client_engine(name: str) -> int:
    DBOS.set_event(CLIENT_STATUS, name)
    DBOS.set_event("rpm", 3000)
    return 0 if DBOS.recv(CLIENT_STOP) else 1
