from datetime import datetime

from dbos_typed import DBOS


@DBOS.scheduled("*/5 * * * *")
@DBOS.workflow()
def poll(scheduled: datetime, actual: datetime) -> None:
    DBOS.logger.info("%s %s", scheduled, actual)


@DBOS.scheduled("0 3 * * *")  # E: type
@DBOS.workflow()
def nightly() -> None:
    DBOS.logger.info("night")


@DBOS.scheduled("0 4 * * *")  # E: type
@DBOS.workflow()
def daily(scheduled: str, actual: str) -> None:
    DBOS.logger.info(scheduled + actual)
