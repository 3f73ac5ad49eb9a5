"""An executor that shares its database with others: starts errands and waits for their results.

Usage: executor.py DATABASE_URL FOLDER EXECUTOR_ID, and then, a line each on standard input:

    start COUNT     start so many errands
    load            start an errand every few milliseconds until `rest`, beside further commands; the ids of those
                    whose start returned are the lines of FOLDER/started-EXECUTOR_ID
    rest            start no more; FOLDER/rested-EXECUTOR_ID says that this is so
    await           write the results of the errands, one a line, to FOLDER/results-EXECUTOR_ID

Each step adds a line `workflow id, step, executor id, nanoseconds` to FOLDER/effects, durably. The file
FOLDER/ready-EXECUTOR_ID says that the executor is launched. While FOLDER/hold-EXECUTOR_ID exists, an errand stays in
its first step.
"""

import os
import sys
import threading
import time
from pathlib import Path

from dbos_typed import DBOS, SetWorkflowID, WorkflowHandle

TIMEOUT_SECONDS = 1.0
SLEEPS_SECONDS = (0.1, 0.8, 1.6)

_folder = Path(sys.argv[2])
_executor_id = sys.argv[3]
_effects = os.open(_folder / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_hold = _folder / f"hold-{_executor_id}"
_handles: list[WorkflowHandle[str]] = []
_rests = threading.Event()
LOAD_PAUSE_SECONDS = 0.004


def happen(name: str) -> str:
    """Something that happens in the world, and stays there when the process dies."""
    os.write(_effects, f"{DBOS.workflow_id} {name} {_executor_id} {time.monotonic_ns()}\n".encode())
    os.fsync(_effects)
    return f"{name} by {_executor_id}"


@DBOS.step(name="leave")
def leave() -> str:
    done = happen("leave")
    while _hold.exists():
        time.sleep(0.01)
    return done


@DBOS.step(name="return")
def come_back() -> str:
    return happen("return")


@DBOS.workflow(name="errand")
def errand(sleep_seconds: float) -> str:
    left = leave()
    DBOS.sleep(sleep_seconds)
    return f"{left}, {come_back()}"


def load() -> None:
    """Start errands under this executor's name, and say durably that each was started before it begins the next."""
    started = os.open(_folder / f"started-{_executor_id}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    number = 0
    while not _rests.is_set():
        workflow_id = f"{_executor_id}-{number:04}"
        with SetWorkflowID(workflow_id):
            DBOS.start_workflow(errand, SLEEPS_SECONDS[number % len(SLEEPS_SECONDS)])
        os.write(started, f"{workflow_id}\n".encode())
        number += 1
        time.sleep(LOAD_PAUSE_SECONDS)
    (_folder / f"rested-{_executor_id}").touch()


def main() -> None:
    DBOS(
        config={
            "name": "executors",
            "database_url": sys.argv[1],
            "executor_id": _executor_id,
            "application_version": "v1",
            "executor_timeout_seconds": TIMEOUT_SECONDS,
            "log_level": "ERROR",
        }
    )
    DBOS.launch()
    (_folder / f"ready-{_executor_id}").touch()
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "start":
            for number in range(int(argument)):
                with SetWorkflowID(f"errand-{number:03}"):
                    _handles.append(DBOS.start_workflow(errand, SLEEPS_SECONDS[number % len(SLEEPS_SECONDS)]))
        elif command == "load":
            threading.Thread(target=load, daemon=True).start()
        elif command == "rest":
            _rests.set()
        elif command == "await":
            results = [handle.get_result(30) for handle in _handles]
            unfinished = _folder / f"unfinished-{_executor_id}"
            unfinished.write_text("\n".join(results))
            unfinished.rename(_folder / f"results-{_executor_id}")
        else:
            raise ValueError(command)


if __name__ == "__main__":
    main()
