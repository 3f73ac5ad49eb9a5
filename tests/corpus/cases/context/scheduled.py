from datetime import datetime

from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.scheduled("* * * * *")
@DBOS.workflow()
def every_minute(scheduled: datetime, actual: datetime) -> None:
    DBOS.set_event("scheduled", scheduled)
    DBOS.sleep(1)
    DBOS.logger.info(actual)


@DBOS.scheduled("0 * * * *")
@DBOS.step()
def every_hour(scheduled: datetime, actual: datetime) -> None:
    DBOS.set_event("scheduled", scheduled)  # E: dbos-context
    DBOS.logger.info(actual)


@DBOS.scheduled("0 0 * * *")
@DBOS.workflow()
def every_day(scheduled: datetime, actual: datetime) -> None:
    DBOS.logger.info("%s %s", scheduled, actual)
    DBOS.sql_session.execute(text("DELETE FROM logs"))  # E: dbos-context
