import threading
from collections.abc import Callable

from dbos_typed import DBOS, Event, Stream, Topic

LOCK = Event[threading.Lock]("lock")  # E: dbos-serializable
COUNT = Event[int]("count")
HOOK = Topic[Callable[[], None]]("hook")  # E: dbos-serializable
NAMES = Topic[list[str]]("names")
THREADS = Stream[threading.Thread]("threads")  # E: dbos-serializable
LINES = Stream[str]("lines")


@DBOS.workflow()
def work() -> None:
    DBOS.set_event(COUNT, 1)
    DBOS.set_event("fine", {"a": [1, 2]})
    DBOS.set_event("lambda", lambda: 1)  # E: dbos-serializable
    DBOS.set_event("lock", threading.Lock())  # E: dbos-serializable
    DBOS.write_stream("numbers", (n for n in range(3)))  # E: dbos-serializable
    DBOS.write_stream(LINES, "a")


def outside(workflow_id: str) -> None:
    DBOS.send(workflow_id, {"a": 1})
    DBOS.send(workflow_id, print)  # E: dbos-serializable
    DBOS.send(workflow_id, open("x"), "file")  # E: dbos-serializable
    DBOS.send(workflow_id, [1], "numbers")
