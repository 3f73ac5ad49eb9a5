"""The watch over what this executor owns."""

import threading
import time
from collections.abc import Mapping

from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.services.ownership import LOOK_SECONDS, OwnershipWatch

OUTAGE_SECONDS = 0.5


def test_look_that_waited_for_the_database_is_soon_followed_by_the_next() -> None:
    looks: list[float] = []
    second = threading.Event()
    stop = threading.Event()

    def owned() -> Mapping[str, int]:
        if not looks:
            time.sleep(OUTAGE_SECONDS)  # the database does not answer
        looks.append(time.monotonic())
        if len(looks) == 2:
            second.set()
        return {}

    watch = OwnershipWatch(
        runs=ActiveRuns(),
        owned=owned,
        workflow=lambda _: None,
        release_stopped_loops=lambda: None,
        begin=lambda _: None,
        listener=Hub(lambda *_: None),
    )
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    try:
        assert second.wait(LOOK_SECONDS + 3)
    finally:
        stop.set()
        watch.wake()
        thread.join()
