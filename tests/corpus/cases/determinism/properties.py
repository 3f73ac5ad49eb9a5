import time

from dbos_typed import DBOS


class Session:
    def __init__(self, limit: float) -> None:
        self.limit = limit

    @property
    def expired(self) -> bool:
        return time.time() > self.limit

    @property
    def seconds(self) -> float:
        return self.limit


@DBOS.workflow()
def check(limit: float) -> bool:
    session = Session(limit)
    if session.seconds < 3:
        return True
    return session.expired  # E: dbos-deterministic
