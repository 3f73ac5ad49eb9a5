from dbos_typed import DBOS


@DBOS.workflow()
def clean(folder: str) -> None:
    DBOS.logger.info(folder)


def run() -> int:
    handle = DBOS.start_workflow(clean, "a")
    handle.get_result()
    removed: int = handle.get_result()  # E: type
    return removed
