from dbos_typed import DBOS


@DBOS.workflow()
def wait(seconds: float) -> str | None:
    DBOS.sleep(seconds)
    DBOS.sleep("1")  # E: type
    DBOS.recv("topic", timeout=3)  # E: type
    DBOS.set_event("key")  # E: type
    DBOS.set_event("key", seconds)
    DBOS.send("wf", "hello", "topic")
    DBOS.send(3, "hello")  # E: type
    DBOS.send("wf")  # E: type
    DBOS.get_event("wf", "key", timeout_seconds="1")  # E: type
    return DBOS.recv("topic", timeout_seconds=3)
