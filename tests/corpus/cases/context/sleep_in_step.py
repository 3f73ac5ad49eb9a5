import time

from dbos_typed import DBOS


@DBOS.step()
def poll(url: str) -> int:
    DBOS.sleep(1)  # E: dbos-context
    time.sleep(1)
    return len(url)


@DBOS.transaction()
def tick(name: str) -> None:
    DBOS.sleep(0.1)  # E: dbos-context
    DBOS.logger.info(name)


@DBOS.workflow()
def watch(url: str) -> int:
    DBOS.sleep(1)
    tick(url)
    return poll(url)
