"""An executor under load: starts workflows of every kind with known ids, and waits for their results.

Usage: python -m tests.faults.worker OPTIONS, where OPTIONS is the JSON of `executors.Options`.

FOLDER/launching-EXECUTOR says that it begins to launch the engine, FOLDER/launched-EXECUTOR that it is launched.
A line on standard input ends the load, its end ends the process. What drivers do is in their ledgers.
"""

import itertools
import json
import logging
import os
import random
import string
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

from dbos_typed import DBOS, DBOSConfig, SetWorkflowID, SetWorkflowTimeout, WorkflowHandle
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError, DBOSNonExistentWorkflowError
from tests.faults import workload
from tests.faults.effects import ACCEPTED, ANSWERED, ASKED, Ledger
from tests.faults.expectations import CARGO, TIMEOUT_SECONDS

DRIVERS = 8
RETRY_SECONDS = 0.1
PAUSE_SECONDS = 0.15
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "RETRIES_EXCEEDED")

_logger = logging.getLogger("faults")
_rests = threading.Event()


def _cargo() -> str:
    return "".join(random.choices(string.ascii_letters, k=CARGO))  # noqa: S311  # no secret


KINDS: dict[str, Callable[[], WorkflowHandle[str]]] = {
    "order": lambda: DBOS.start_workflow(workload.order, _cargo()),
    "tour": lambda: DBOS.start_workflow(workload.tour, _cargo()),
    "dialogue": lambda: DBOS.start_workflow(workload.dialogue),
    "visit": lambda: DBOS.start_workflow(workload.visit),
    "nap": lambda: DBOS.start_workflow(workload.nap),
    "timed": lambda: DBOS.start_workflow(workload.timed),
    "patient": lambda: DBOS.start_workflow(workload.patient),
}
TIMEOUTS = {"timed": TIMEOUT_SECONDS, "patient": workload.FOREVER_SECONDS}


class Driver:
    """Starts workflows and waits for each, until the load ends. A call that raised is made again with the same id."""

    def __init__(self, folder: Path, executor: str) -> None:
        self._executor = executor
        self._asked = Ledger(folder / f"{ASKED}-{executor}")
        self._accepted = Ledger(folder / f"{ACCEPTED}-{executor}")
        self._answered = Ledger(folder / f"{ANSWERED}-{executor}")

    def run(self, numbers: Iterator[tuple[int, str]]) -> None:
        while not _rests.is_set():
            number, kind = next(numbers)
            workflow_id = f"{self._executor}.{kind}.{number:04}"
            self._asked.add(workflow_id, "")
            handle = self._start(workflow_id, kind)
            self._accepted.add(workflow_id, "")
            self._answered.add(workflow_id, self._answer(handle))
            _rests.wait(PAUSE_SECONDS)

    def look(self) -> None:
        """Read from outside of workflows, as a dashboard does."""
        while not _rests.wait(PAUSE_SECONDS):
            try:
                for status in DBOS.list_workflows(limit=3, sort_desc=True):
                    DBOS.list_workflow_steps(status.workflow_id)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is written down
                _logger.warning("a listing raised %s: %s", type(error).__name__, error)

    def _start(self, workflow_id: str, kind: str) -> WorkflowHandle[str]:
        while True:
            try:
                with ExitStack() as blocks:
                    blocks.enter_context(SetWorkflowID(workflow_id))
                    if kind in TIMEOUTS:
                        blocks.enter_context(SetWorkflowTimeout(TIMEOUTS[kind]))
                    return KINDS[kind]()
            except Exception as error:  # noqa: BLE001  # a caller cannot know more than that it was not accepted
                _logger.warning("the start of %s raised %s: %s", workflow_id, type(error).__name__, error)
                threading.Event().wait(RETRY_SECONDS)

    def _answer(self, handle: WorkflowHandle[str]) -> str:
        while True:
            try:
                return handle.get_result()
            except DBOSAwaitedWorkflowCancelledError:
                return "CANCELLED"
            except Exception as error:  # noqa: BLE001  # the workflow's own error, or that of asking for it
                said = f"{type(error).__name__}: {error}".replace("\n", " ").replace("|", "/")
                _logger.warning("the result of %s raised %s", handle.workflow_id, said)
                if self._has_ended(handle):
                    return said
                threading.Event().wait(RETRY_SECONDS)

    def _has_ended(self, handle: WorkflowHandle[str]) -> bool:
        try:
            return handle.get_status().status in ENDED
        except DBOSNonExistentWorkflowError:
            return True
        except Exception as error:  # noqa: BLE001  # not known now
            _logger.warning("the status of %s raised %s: %s", handle.workflow_id, type(error).__name__, error)
            return False


def main() -> None:
    """Launch, and keep the load up until a line is said."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    folder, executor = Path(options["folder"]), options["executor"]
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    workload.world.open(folder, executor)
    DBOS(config=cast("DBOSConfig", options["config"]))
    (folder / f"launching-{executor}").touch()
    DBOS.launch()
    (folder / f"launched-{executor}").touch()
    driver = Driver(folder, executor)
    numbers = enumerate(itertools.cycle(KINDS))
    lock = threading.Lock()

    def next_numbers() -> Iterator[tuple[int, str]]:
        while True:
            with lock:
                found = next(numbers)
            yield found

    for _ in range(DRIVERS):
        threading.Thread(target=driver.run, args=(next_numbers(),), daemon=True).start()
    threading.Thread(target=driver.look, daemon=True).start()
    if sys.stdin.readline():
        _rests.set()
        # What it runs, it runs to the end.
        sys.stdin.read()
    # The observer is gone; whatever is under way must not outlive it.
    os._exit(1)


if __name__ == "__main__":
    main()
