import time
import uuid

from dbos_typed import DBOS


def request_id() -> str:
    return str(uuid.uuid4())  # dbos: ignore[dbos-deterministic]


@DBOS.workflow()
def logged(name: str) -> str:
    begun = time.time()  # dbos: ignore
    print(begun, request_id())
    ended = time.time()  # E: dbos-deterministic-log
    print(ended)
    return name
