"""PostgreSQL servers that are harmed: stopped, killed, frozen, reconfigured, copied, followed by a standby."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.ground import Ground
from tests.postgres_server import PostgresUnavailableError, free_port, init_data

DATABASE = "app"
ROLE = "app"
START_SECONDS = 60.0
# A crash of a process loses nothing with these; only a crash of the machine would.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "100", "wal_keep_size": "64MB"}
# What is done to the application's sessions must not be done to the observer's.
_OBSERVER = "-c statement_timeout=0 -c default_transaction_read_only=off -c synchronous_commit=local"


class Cluster:
    """One server with an empty database `app`, owned by a role of this name that is no superuser."""

    def __init__(self, place: Ground, name: str, settings: Mapping[str, str] | None = None) -> None:
        """A folder and a port; `init` or `follow` makes the data directory, `start` starts the server.

        `settings` are entries of postgresql.conf.
        """
        self._ground = place
        self.folder = place.new_folder(name)
        self.port = free_port()
        self.password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": str(self.port),
            **SETTINGS,
            **(settings or {}),
        }

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server logged."""
        return self.folder / "log"

    def init(self) -> None:
        """Make an empty data directory."""
        init_data(self._ground.install, self.folder, self._ground.user, self.password)
        self._configure()

    def follow(self, primary: "Cluster") -> None:
        """Make a data directory that follows another running server, under the name of this one's folder."""
        source = f"{primary.conninfo('postgres', 'postgres')} application_name={self.folder.name}"
        self._ground.run(
            self._program("pg_basebackup"), "-D", self.data, "-d", source, "-R", "-X", "stream", "-c", "fast"
        )
        self.password = primary.password
        self._configure()

    def start(self) -> None:
        """Start the server and wait until it takes connections. Raises PostgresUnavailableError."""
        self._process = self._ground.start([self._program("postgres"), "-D", self.data], self.log)
        self.until_ready()

    def until_ready(self) -> None:
        """Wait until the server takes connections. Raises PostgresUnavailableError when it ended or does not."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo("postgres", "postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
                    time.sleep(0.01)
                    continue
                tail = self.log.read_text(errors="replace")[-2000:]
                raise PostgresUnavailableError(f"the server did not start: {error}\n{tail}") from error
            return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends sessions in an orderly way, SIGQUIT ends them without a checkpoint."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None

    def kill(self) -> None:
        """End the server as a power cut does. Idempotent."""
        if self._process is not None:
            for pid in self._processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait(START_SECONDS)
            self._process = None

    def freeze(self) -> None:
        """Stop every process of the server where it is: sockets stay open, and nothing is answered."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def kill_backend(self, pid: int) -> None:
        """Kill one session's process, after which the server resets all, and wait until it has noticed."""
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.005)

    def promote(self) -> None:
        """Make a standby the primary, and wait until it takes writes."""
        self.sql("SELECT pg_promote(true, 60)")

    def set(self, name: str, value: str | None) -> None:
        """Set one setting for all sessions from now on; None: take it back."""
        self.sql(f"ALTER SYSTEM RESET {name}" if value is None else f"ALTER SYSTEM SET {name} = '{value}'")
        self.sql("SELECT pg_reload_conf()")

    def copy_data(self, target: Path) -> None:
        """Copy the data directory of the stopped server."""
        self._ground.run("/bin/cp", "-a", self.data, target)

    def replace_data(self, source: Path) -> None:
        """Put a copy in the place of the data directory of the stopped server."""
        shutil.rmtree(self.data)
        self._ground.run("/bin/cp", "-a", source, self.data)

    def create_database(self, tablespace: Path | None = None) -> None:
        """Create the application's role and its database, in a folder of its own if need be."""
        self.sql(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{self.password}'")
        where = ""
        if tablespace is not None:
            self.sql(f"CREATE TABLESPACE small LOCATION '{tablespace}'")
            where = "TABLESPACE small"
        self.sql(f"CREATE DATABASE {DATABASE} OWNER {ROLE} {where}")

    def sql(self, query: str, *, database: str = "postgres", lock_timeout_ms: int = 0) -> list[tuple[Any, ...]]:
        """Rows of a query of the observer, which no setting of the fault concerns. Raises psycopg.Error."""
        with self.connect(database, lock_timeout_ms=lock_timeout_ms) as connection:
            # Bytes, because the driver takes literal strings only.
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description is not None else []

    def connect(self, database: str = "postgres", *, lock_timeout_ms: int = 0) -> "psycopg.Connection[tuple[Any, ...]]":
        """A session of the observer. Raises psycopg.Error."""
        return psycopg.connect(
            self.conninfo("postgres", database),
            autocommit=True,
            connect_timeout=3,
            application_name="observer",
            options=f"{_OBSERVER} -c lock_timeout={lock_timeout_ms}",
        )

    def conninfo(self, role: str, database: str) -> str:
        """How a role connects, as libpq takes it."""
        return f"host=127.0.0.1 port={self.port} user={role} password={self.password} dbname={database}"

    def url(self, port: int | None = None) -> str:
        """The URL of the application's database, through another port if need be."""
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{port or self.port}/{DATABASE}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _program(self, name: str) -> Path:
        return self._ground.install / "bin" / name

    def _configure(self) -> None:
        lines = [f"{name} = '{value}'\n" for name, value in self._settings.items()]
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(lines)

    def _processes(self) -> list[int]:
        """The postmaster first, so that it starts nothing in the place of what is ended."""
        if self._process is None:
            return []
        pid = self._process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            return []
        return [pid, *map(int, children)]


@contextmanager
def cluster(place: Ground, name: str = "server", settings: Mapping[str, str] | None = None) -> Generator[Cluster]:
    """A running server without a database of the application, killed at the end of the block."""
    made = Cluster(place, name, settings)
    try:
        made.init()
        made.start()
        yield made
    finally:
        made.kill()


@contextmanager
def standby(place: Ground, primary: Cluster) -> Generator[Cluster]:
    """A running server that has confirmed every commit of the primary before the committer hears of it."""
    made = Cluster(place, "standby")
    try:
        made.follow(primary)
        made.start()
        primary.set("synchronous_standby_names", "standby")
        deadline = time.monotonic() + START_SECONDS
        while not primary.sql("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
            if time.monotonic() > deadline:
                raise PostgresUnavailableError("the standby does not follow")
            time.sleep(0.02)
        yield made
    finally:
        made.kill()
