from dbos_typed import DBOS, Topic

HELPED_NOTE = Topic[str]("note")


def advance(number: int) -> None:
    DBOS.set_event("migrated", number)


def wait_for_note() -> str | None:
    return DBOS.recv(HELPED_NOTE, timeout_seconds=5)
