from dbos_typed import DBOS


@DBOS.workflow()
def lookup(key: str | int, fallback: str | None = None) -> str:
    return fallback or str(key)


def find(maybe: str | None) -> None:
    DBOS.start_workflow(lookup, 3)
    DBOS.start_workflow(lookup, "k", maybe)
    DBOS.start_workflow(lookup, maybe)  # E: type
    DBOS.start_workflow(lookup, 1.5)  # E: type
    if maybe is not None:
        DBOS.start_workflow(lookup, maybe)
