"""Faults of a server: stopped, crashed, out of something, replaced."""

import signal
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress

import psycopg

from tests.faults.fault import DEAD_HOST_SECONDS, Fault, last
from tests.faults.ground import Ground
from tests.faults.pooler import pooler
from tests.faults.servers import DATABASE, Cluster, cluster
from tests.faults.stages import Stage, fill, on_pair, on_server, on_small_disk, with_database

KILL_PAUSE_SECONDS = 2.0
TERMINATE_PAUSE_SECONDS = 0.12
RECONNECT_PAUSE_SECONDS = 0.25
POLLING_SECONDS = 15.0
"""No notification passes the pooler, so that each wait for another executor may last until the next poll."""
TIMEOUT_MS = 200
LOCKED = "LOCK TABLE dbos_typed.workflows, dbos_typed.steps, dbos_typed.events IN ACCESS EXCLUSIVE MODE"
CONNECTIONS = 40
LAUNCH_SECONDS = 3.0
"""From the call of launch to its first attempt to connect, on a busy machine."""
BACKUP_AGE_SECONDS = 2.0
_SESSIONS = "FROM pg_stat_activity WHERE datname = 'app' AND usename = 'app'"


def _nothing(stage: Stage, seconds: float) -> None:
    del stage
    time.sleep(seconds)


def _stopped_fast(stage: Stage, seconds: float) -> None:
    stage.server.stop(signal.SIGINT)
    time.sleep(seconds)
    stage.server.start()


def _stopped_immediate(stage: Stage, seconds: float) -> None:
    stage.server.stop(signal.SIGQUIT)
    time.sleep(seconds)
    stage.server.start()


def _started_late(stage: Stage, seconds: float) -> None:
    time.sleep(LAUNCH_SECONDS + seconds)
    stage.server.start()


def _read_only(stage: Stage, seconds: float) -> None:
    stage.server.set("default_transaction_read_only", "on")
    time.sleep(seconds)
    stage.server.set("default_transaction_read_only", None)


def _backend_killed(stage: Stage, seconds: float) -> None:
    last(seconds, KILL_PAUSE_SECONDS, lambda: _kill_backend(stage.server))


def _kill_backend(server: Cluster) -> None:
    for (pid,) in server.sql(f"SELECT pid {_SESSIONS} ORDER BY random() LIMIT 1"):
        server.kill_backend(pid)
        server.until_ready()


def _sessions_terminated(stage: Stage, seconds: float) -> None:
    last(seconds, TERMINATE_PAUSE_SECONDS, lambda: stage.server.sql(f"SELECT pg_terminate_backend(pid) {_SESSIONS}"))


def _out_of_connections(stage: Stage, seconds: float) -> None:
    """Take every slot that is not reserved for superusers, those of the executors too."""
    server = stage.server
    server.sql(f"CREATE ROLE greedy LOGIN PASSWORD '{server.password}'")
    with ExitStack() as held:

        def take() -> None:
            # Sessions that are being made take slots for a moment, those for superusers too.
            with suppress(psycopg.OperationalError):
                server.sql(f"SELECT pg_terminate_backend(pid) {_SESSIONS}")
                while True:
                    held.enter_context(psycopg.connect(server.conninfo("greedy", DATABASE), connect_timeout=3))

        last(seconds, TERMINATE_PAUSE_SECONDS, take)


def _disk_full(stage: Stage, seconds: float) -> None:
    if stage.disk is None:
        raise TypeError("this stage has no small disk")
    ballast = fill(stage.disk)
    try:
        time.sleep(seconds)
    finally:
        ballast.unlink()


def _locked(stage: Stage, seconds: float, setting: str) -> None:
    """Hold a lock on tables of the engine, while a timeout hits whoever waits for it."""
    stage.server.set(setting, f"{TIMEOUT_MS}ms")
    with stage.server.connect(DATABASE) as connection, connection.transaction():
        connection.execute(LOCKED.encode())
        time.sleep(seconds)
    stage.server.set(setting, None)


def _failover_killed(stage: Stage, seconds: float) -> None:
    stage.server.kill()
    _promote(stage, seconds)


def _failover_frozen(stage: Stage, seconds: float) -> None:
    stage.server.freeze()
    _promote(stage, seconds)


def _promote(stage: Stage, seconds: float) -> None:
    if stage.other is None:
        raise TypeError("this stage has no standby")
    time.sleep(seconds)
    stage.other.promote()
    stage.switch(stage.other)


def _backup_restored(stage: Stage, seconds: float) -> None:
    backup = stage.ground.folder / "backup"
    stage.server.stop(signal.SIGINT)
    stage.server.copy_data(backup)
    stage.server.start()
    time.sleep(BACKUP_AGE_SECONDS)
    stage.server.stop(signal.SIGQUIT)
    stage.server.replace_data(backup)
    time.sleep(seconds)
    stage.server.start()


@contextmanager
def _behind_pooler(place: Ground) -> Generator[Stage]:
    with cluster(place) as server, pooler(place, server) as opened:
        server.create_database()
        yield with_database(place, server, url=server.url(opened.port), pooler=opened)


@contextmanager
def _with_few_connections(place: Ground) -> Generator[Stage]:
    with on_server(place, {"max_connections": str(CONNECTIONS)}) as stage:
        yield stage


def _pooler_reconnects(stage: Stage, seconds: float) -> None:
    if stage.pooler is None:
        raise TypeError("this stage has no pooler")
    last(seconds, RECONNECT_PAUSE_SECONDS, stage.pooler.reconnect)


FAULTS = (
    Fault(name="none", staging=on_server, strike=_nothing),
    Fault(name="postgres_stopped_fast", staging=on_server, strike=_stopped_fast),
    Fault(name="postgres_stopped_immediate", staging=on_server, strike=_stopped_immediate),
    Fault(name="read_only", staging=on_server, strike=_read_only),
    Fault(name="backend_killed", staging=on_server, strike=_backend_killed),
    Fault(name="sessions_terminated", staging=on_server, strike=_sessions_terminated),
    Fault(name="out_of_connections", staging=_with_few_connections, strike=_out_of_connections),
    Fault(name="disk_full", staging=on_small_disk, strike=_disk_full),
    Fault(
        name="statement_timeout",
        staging=on_server,
        strike=lambda stage, seconds: _locked(stage, seconds, "statement_timeout"),
    ),
    Fault(
        name="lock_timeout", staging=on_server, strike=lambda stage, seconds: _locked(stage, seconds, "lock_timeout")
    ),
    Fault(
        name="pgbouncer",
        staging=_behind_pooler,
        strike=_pooler_reconnects,
        wishes={"pooler": "transaction"},
        recovery_seconds=POLLING_SECONDS,
    ),
    Fault(name="failover", staging=on_pair, strike=_failover_killed, recovery_seconds=DEAD_HOST_SECONDS),
    Fault(name="failover_frozen", staging=on_pair, strike=_failover_frozen, recovery_seconds=DEAD_HOST_SECONDS),
    # Nothing tells executors that what they wrote is gone.
    Fault(
        name="backup_restored",
        staging=on_server,
        strike=_backup_restored,
        recovery_seconds=DEAD_HOST_SECONDS,
        has_lost_history=True,
    ),
    Fault(
        name="launch_during_outage",
        staging=on_server,
        strike=_started_late,
        wishes={"database_timeout_seconds": 300.0},
        strikes_before_launch=True,
    ),
)
