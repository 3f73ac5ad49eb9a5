import time
from datetime import date, datetime, timedelta

from dbos_typed import DBOS

EPOCH = datetime(2020, 1, 1)


@DBOS.step()
def now() -> datetime:
    return datetime.now()


@DBOS.workflow()
def bill(since: datetime) -> float:
    started = time.time()  # E: dbos-deterministic
    today = date.today()  # E: dbos-deterministic
    moment = datetime.now()  # E: dbos-deterministic
    until = now()
    month = timedelta(days=30)
    if since + month < EPOCH or moment.date() == today:
        return started
    return (until - since).total_seconds() + datetime(2024, 5, 1).timestamp()
