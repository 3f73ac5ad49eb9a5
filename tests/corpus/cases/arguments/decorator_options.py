from dbos_typed import DBOS


@DBOS.workflow(name="ingest-v2", max_recovery_attempts=5)
def ingest(path: str) -> str:
    return path


@DBOS.workflow(max_retries=5)  # E: type
def ingest_more(path: str) -> str:
    return path


@DBOS.step(retries_allowed=True, interval_seconds=0.5, backoff_rate=3)
def read(path: str) -> str:
    return path


@DBOS.step(retries=3)  # E: type
def write(path: str) -> str:
    return path


@DBOS.step(max_attempts="3")  # E: type
def remove(path: str) -> str:
    return path


@DBOS.transaction(isolation_level="READ COMMITTED")
def insert(path: str) -> None:
    DBOS.logger.info(path)


@DBOS.transaction(isolation="READ COMMITTED")  # E: type
def update(path: str) -> None:
    DBOS.logger.info(path)
