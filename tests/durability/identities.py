"""An executor for the tests of identities: launches, works on errands, and says what happens to it.

Usage: identities.py DATABASE_URL FOLDER NAME CONFIGURATION [BARRIER]. CONFIGURATION is the JSON of further keys. With
BARRIER it is launched when that file is there. It then says `launched EXECUTOR_ID` on standard output, or
`refused MESSAGE`, and obeys lines of standard input:

    start ID        start an errand, which stays in its first step while FOLDER/hold is there
    destroy         stop the engine, and say `destroyed`
    launch          launch again

Each step adds a line `workflow id, step, NAME` to FOLDER/effects, durably.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, cast

from dbos_typed import DBOS, DBOSConfig, SetWorkflowID
from dbos_typed.error import DBOSInitializationError

_url, _folder, _name, _configuration, *_barrier = sys.argv[1:]
_effects = os.open(Path(_folder) / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_hold = Path(_folder) / "hold"


def happen(step: str) -> None:
    """Something that stays when the process dies."""
    os.write(_effects, f"{DBOS.workflow_id} {step} {_name}\n".encode())


@DBOS.step(name="leave")
def leave() -> None:
    happen("leave")


@DBOS.step(name="wait")
def wait() -> None:
    happen("wait")
    while _hold.exists():
        time.sleep(0.01)


@DBOS.workflow(name="errand")
def errand() -> None:
    leave()
    wait()


def say(*words: str) -> None:
    print(*words, flush=True)  # noqa: T201  # this is how the test follows the process


def launch() -> None:
    config: dict[str, Any] = {
        "name": "identities",
        "database_url": _url,
        "application_version": "1",
        "log_level": "ERROR",
        **json.loads(_configuration),
    }
    DBOS(config=cast("DBOSConfig", config))
    try:
        DBOS.launch()
    except DBOSInitializationError as error:
        say("refused", str(error))
    else:
        say("launched", DBOS.executor_id)


if __name__ == "__main__":
    say("imported")
    while _barrier and not Path(_barrier[0]).exists():
        time.sleep(0.001)
    launch()
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "start":
            with SetWorkflowID(argument):
                DBOS.start_workflow(errand)
            say("started", argument)
        elif command == "destroy":
            DBOS.destroy()
            say("destroyed")
        else:
            launch()
