import threading

from dbos_typed import DBOS


@DBOS.workflow()
def guarded(name: str, lock: threading.Lock) -> str:  # E: dbos-serializable
    with lock:
        return name


@DBOS.step()
def fine(name: str) -> str:
    lock = threading.Lock()
    with lock:
        return name


@DBOS.workflow()
def evented(name: str) -> threading.Event:  # E: dbos-serializable
    return threading.Event()
