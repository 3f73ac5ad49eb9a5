"""PgBouncer in transaction mode, between executors and their server."""

import shutil
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

import psycopg

from tests.faults.ground import Ground, Unsuitable
from tests.faults.servers import DATABASE, ROLE, START_SECONDS, Cluster
from tests.postgres_server import PostgresUnavailableError, free_port

_CONFIGURATION = """
[databases]
{database} = host=127.0.0.1 port={server_port} dbname={database} user={role} password={password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
admin_users = {role}
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
server_lifetime = 1
server_login_retry = 1
"""
# A login that RECONNECT cuts off counts as failed, after which PgBouncer by default refuses everybody for 15 seconds.


class Pooler:
    """A running PgBouncer that gives server connections out for one transaction and closes them after a second."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self._process = process

    def reconnect(self) -> None:
        """Have it replace every server connection as soon as its transaction is over."""
        with self._console() as console:
            console.execute(b"RECONNECT")

    def until_ready(self) -> None:
        """Wait until it takes connections. Raises PostgresUnavailableError."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._console().close()
            except psycopg.OperationalError as error:
                if time.monotonic() < deadline and self._process.poll() is None:
                    time.sleep(0.02)
                    continue
                raise PostgresUnavailableError(f"PgBouncer did not start: {error}") from error
            return

    def close(self) -> None:
        """End it."""
        self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.wait()

    def _console(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            f"host=127.0.0.1 port={self.port} user={ROLE} dbname=pgbouncer", autocommit=True, connect_timeout=3
        )


@contextmanager
def pooler(place: Ground, server: Cluster) -> Generator[Pooler]:
    """PgBouncer before a server for the duration of the block. Unsuitable: it is not installed."""
    # Where distributions install it, which is not on everybody's PATH.
    program = shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
    if program is None:
        raise Unsuitable("pgbouncer is not on the PATH")
    folder = place.new_folder("pgbouncer")
    port = free_port()
    configuration = _CONFIGURATION.format(
        database=DATABASE, role=ROLE, password=server.password, server_port=server.port, port=port, folder=folder
    )
    (folder / "users").write_text(f'"{ROLE}" "{server.password}"\n')
    (folder / "configuration").write_text(configuration)
    started = Pooler(port, place.start([program, folder / "configuration"], folder / "log"))
    try:
        started.until_ready()
        yield started
    finally:
        started.close()
