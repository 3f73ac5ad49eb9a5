from dbos_typed import DBOS


@DBOS.workflow()
def report(day: str) -> int:
    return len(day)


@DBOS.workflow()
def notify_all() -> None:
    DBOS.logger.info("notified")


DBOS.start_workflow(report, "mon")
DBOS.start_workflow(report("mon"))  # E: type
DBOS.start_workflow(notify_all)
DBOS.start_workflow(notify_all, "now")  # E: type
DBOS.start_workflow("report", "mon")  # E: type
