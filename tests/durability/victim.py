"""A process to be killed: runs workflows on a database and says how far they came.

Usage: victim.py DATABASE_URL FOLDER SECONDS_OF_SLEEP, and then, a line each on standard input:

    hold PHASE      stop for ever when this phase is announced
    launch          launch the engine, which recovers what an earlier process left
    start ID        start the order `ID` unless it exists
    approve ID      send the message that the order waits for
    await ID        announce the result of the order
    flood COUNT     start so many errands, those that exist not yet
    drain COUNT     announce how many errands succeeded, once all have ended

Each step adds a line `workflow id, step, time` to FOLDER/effects, durably. What is announced goes to standard output.
On SIGUSR1 the process writes to standard error where its threads stand.
"""

import faulthandler
import os
import signal
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import text

from dbos_typed import DBOS, SetWorkflowID, Topic

APPROVAL = Topic[str]("approval")
FIRST_EFFECTS = 60

_out = threading.Lock()
_held: set[str] = set()
_effects = os.open(Path(sys.argv[2]) / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_errands = threading.Semaphore(FIRST_EFFECTS)


def announce(phase: str) -> None:
    """Say how far the process came, and go no further if it is to be killed here."""
    with _out:
        print(phase, flush=True)  # noqa: T201  # this is how the test follows the process
    if phase in _held:
        threading.Event().wait()


def happen(name: str) -> None:
    """Something that happens in the world, and stays there when the process dies."""
    os.write(_effects, f"{DBOS.workflow_id} {name} {time.time()!r}\n".encode())
    os.fsync(_effects)


@DBOS.step(name="reserve")
def reserve() -> str:
    happen("reserve")
    announce("body of reserve")
    return "reserved"


@DBOS.step(name="label")
def label() -> str:
    happen("label")
    announce("body of label")
    return "labelled"


@DBOS.step(name="wake")
def wake() -> None:
    happen("wake")


@DBOS.step(name="ship")
def ship() -> str:
    happen("ship")
    announce("body of ship")
    return "shipped"


@DBOS.transaction(name="pay")
def pay() -> int:
    DBOS.sql_session.execute(text("INSERT INTO payments (workflow_id) VALUES (:id)"), {"id": DBOS.workflow_id})
    announce("body of pay")
    return 30


@DBOS.workflow(name="parcel")
def parcel() -> str:
    announce("child begun")
    done = label()
    announce("labelled")
    return done


@DBOS.workflow(name="order")
def order() -> str:
    announce("begun")
    reserved = reserve()
    announce("reserved")
    paid = pay()
    announce("paid")
    labelled = parcel()
    announce("child done")
    DBOS.sleep(float(sys.argv[3]))
    wake()
    approved = DBOS.recv(APPROVAL, timeout_seconds=600)
    announce("received")
    shipped = ship()
    announce("shipped")
    return f"{reserved} {paid} {labelled} {approved} {shipped}"


@DBOS.transaction(name="charge")
def charge() -> None:
    DBOS.sql_session.execute(text("INSERT INTO payments (workflow_id) VALUES (:id)"), {"id": DBOS.workflow_id})


@DBOS.step(name="leave")
def leave() -> None:
    happen("leave")
    if not _errands.acquire(blocking=False):
        announce("many left")


@DBOS.step(name="return")
def come_back() -> None:
    happen("return")


@DBOS.workflow(name="errand")
def errand() -> None:
    leave()
    charge()
    DBOS.sleep(0.05)
    come_back()


def obey(command: str, argument: str) -> None:
    """Do what a line of standard input says."""
    match command:
        case "hold":
            _held.add(argument)
        case "launch":
            DBOS(
                config={
                    "name": "victim",
                    "database_url": sys.argv[1],
                    "executor_id": "victim",
                    "application_version": "v1",
                    "log_level": "WARNING",
                }
            )
            DBOS.launch()
            announce("launched")
        case "start":
            with SetWorkflowID(argument):
                DBOS.start_workflow(order)
        case "approve":
            DBOS.send(argument, "approved", APPROVAL, idempotency_key="approval")
        case "await":
            announce(str(DBOS.retrieve_workflow(argument).get_result(30)))
        case "flood":
            for number in range(int(argument)):
                with SetWorkflowID(f"errand-{number:03}"):
                    DBOS.start_workflow(errand)
        case "drain":
            for number in range(int(argument)):
                DBOS.retrieve_workflow(f"errand-{number:03}").get_result(30)
            announce(f"{argument} succeeded")
        case other:
            raise ValueError(other)


if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    announce("ready")
    for line in sys.stdin:
        words = line.rstrip("\n").partition(" ")
        obey(words[0], words[2])
