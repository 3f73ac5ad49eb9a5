from dbos_typed import DBOS


@DBOS.step()
def process(names: list[str]) -> int:
    def note(name: str) -> None:
        DBOS.set_event("name", name)  # E: dbos-context

    for name in names:
        note(name)
    return len(names)


@DBOS.workflow()
def batch(names: list[str]) -> int:
    def note(name: str) -> None:
        DBOS.set_event("name", name)

    for name in names:
        note(name)
    return process(names)
