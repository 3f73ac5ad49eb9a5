from datetime import timedelta

from dbos_typed import DBOS

GRACE = timedelta(hours=4)


@DBOS.workflow()
def remind(user: str, after: timedelta = GRACE, times: int = 3) -> int:
    return times if after else len(user)


def plan(user: str) -> None:
    DBOS.start_workflow(remind, user)
    DBOS.start_workflow(remind, user, GRACE)
    DBOS.start_workflow(remind, user, times=2)
    DBOS.start_workflow(remind, user, 30)  # E: type
    DBOS.start_workflow(remind)  # E: type
