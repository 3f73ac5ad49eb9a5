from dbos_typed import DBOS


def mark(stage: str) -> None:
    DBOS.set_event("stage", stage)


@DBOS.step()
def upload(path: str) -> str:
    mark("uploading")  # E: dbos-context
    return path


@DBOS.workflow()
def sync(path: str) -> str:
    mark("started")
    return upload(path)
