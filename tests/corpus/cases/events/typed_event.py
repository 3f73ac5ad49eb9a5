from dbos_typed import DBOS, Event

PROGRESS = Event[int]("progress")


@DBOS.workflow()
def import_rows(rows: list[str]) -> int:
    for number, _ in enumerate(rows):
        DBOS.set_event(PROGRESS, number)
    DBOS.set_event(PROGRESS, "done")  # E: type
    return len(rows)


def watch(workflow_id: str) -> int:
    progress = DBOS.get_event(workflow_id, PROGRESS)
    print(progress + 1)  # E: type
    text: str | None = DBOS.get_event(workflow_id, PROGRESS, timeout_seconds=1)  # E: type
    print(text)
    return 0 if progress is None else progress
