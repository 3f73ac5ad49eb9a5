import threading

from dbos_typed import DBOS


class Connection:
    def __init__(self, host: str) -> None:
        self.host = host


def connect(host: str) -> Connection:
    return Connection(host)


def name(host: str) -> str:
    return Connection(host).host


def counter() -> threading.Semaphore:
    return threading.Semaphore(3)


@DBOS.workflow()
def publish(host: str) -> None:
    connection = connect(host)
    DBOS.set_event("host", name(host))
    DBOS.set_event("connection", connection)  # E: dbos-serializable
    DBOS.set_event("connected", connection.host)
    DBOS.send("other", [connect(host)])  # E: dbos-serializable
    DBOS.write_stream("semaphores", counter())  # E: dbos-serializable
    DBOS.write_stream("names", [name(host)])
