from dbos_typed import DBOS


@DBOS.workflow()
def tracked_build(target: str) -> int:
    DBOS.set_event("log", [target])
    DBOS.set_event("percent", 10)
    answer: bool | None = DBOS.recv("go-on")
    return 1 if answer else 0
