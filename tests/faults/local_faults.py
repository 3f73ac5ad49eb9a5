"""Faults of executors, and of a database that is a file beside them."""

import sqlite3
import time

from tests.faults.fault import DEAD_HOST_SECONDS, Fault
from tests.faults.stages import Stage, fill, on_file, on_file_on_small_disk, on_server

EXECUTOR_TIMEOUT_SECONDS = 3.0
_IMPATIENT = {"executor_timeout_seconds": EXECUTOR_TIMEOUT_SECONDS}


def _killed(stage: Stage, seconds: float) -> None:
    """Nothing heals a dead executor: from its end on, the others have their time."""
    del seconds
    stage.executors[0].doom()


def _frozen(stage: Stage, seconds: float) -> None:
    stage.executors[0].freeze()
    time.sleep(seconds)
    stage.executors[0].thaw()


def _disk_full(stage: Stage, seconds: float) -> None:
    if stage.disk is None:
        raise TypeError("this stage has no small disk")
    ballast = fill(stage.disk)
    try:
        time.sleep(seconds)
    finally:
        ballast.unlink()


def _foreign_writer(stage: Stage, seconds: float) -> None:
    """This process is no executor, and holds the lock of the one writer."""
    if stage.file is None:
        raise TypeError("this stage has no file")
    connection = sqlite3.connect(stage.file, isolation_level=None, timeout=30)
    try:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
    finally:
        connection.close()


def _nothing(stage: Stage, seconds: float) -> None:
    del stage
    time.sleep(seconds)


FAULTS = (
    Fault(
        name="sigkill_executor",
        staging=on_server,
        strike=_killed,
        recovery_seconds=DEAD_HOST_SECONDS,
        wishes=_IMPATIENT,
    ),
    Fault(
        name="sigstop_executor",
        staging=on_server,
        strike=_frozen,
        recovery_seconds=DEAD_HOST_SECONDS,
        wishes=_IMPATIENT,
    ),
    Fault(name="sqlite_none", staging=on_file, strike=_nothing),
    Fault(name="sqlite_disk_full", staging=on_file_on_small_disk, strike=_disk_full),
    Fault(name="sqlite_foreign_writer", staging=on_file, strike=_foreign_writer),
)
