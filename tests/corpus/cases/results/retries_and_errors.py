from dbos_typed import DBOS
from dbos_typed.error import DBOSMaxStepRetriesExceeded


@DBOS.step(retries_allowed=True)
def call(url: str) -> int:
    return len(url)


@DBOS.workflow()
def robust(url: str) -> int:
    try:
        return call(url)
    except DBOSMaxStepRetriesExceeded as error:
        print(error.message.upper())
        print(error.attempt_count)  # E: type
        return -1
