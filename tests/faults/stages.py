"""Where a trial takes place: a server or a file, the way to it, and the executors on it."""

import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.evidence import Observed
from tests.faults.executors import Executor
from tests.faults.ground import Ground
from tests.faults.pooler import Pooler
from tests.faults.proxy import Proxy, proxy
from tests.faults.servers import DATABASE, ROLE, Cluster, cluster, standby

PAYMENTS = "CREATE TABLE payments (workflow_id TEXT NOT NULL)"
OBSERVER_LOCK_MS = 500


@dataclass(slots=True, kw_only=True)
class Stage:
    """What a fault may take hold of."""

    ground: Ground
    url: str
    """By which executors reach their database."""
    database: Observed
    wishes: Mapping[str, object] = field(default_factory=dict)
    """Keys of the configuration, passed if the package has them."""
    executors: list[Executor] = field(default_factory=list)
    other: Cluster | None = None
    """The standby."""
    proxy: Proxy | None = None
    pooler: Pooler | None = None
    disk: Path | None = None
    """A small file system that the database is on."""
    file: Path | None = None
    """The file of an SQLite database."""

    @property
    def server(self) -> Cluster:
        """The server of a stage that has one."""
        if not isinstance(self.database, ServerDatabase):
            raise TypeError("this stage has no server")
        return self.database.server

    def switch(self, server: Cluster) -> None:
        """Look at another server from now on."""
        self.database = ServerDatabase(server)


class ServerDatabase:
    """The application's database on a server."""

    def __init__(self, server: Cluster) -> None:
        self.server = server

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        filled = query.format(prefix="dbos_typed.")
        return self.server.sql(filled, database=DATABASE, lock_timeout_ms=OBSERVER_LOCK_MS)


class FileDatabase:
    """An SQLite file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def rows(self, query: str) -> Sequence[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=1)
        try:
            return connection.execute(query.format(prefix="dbos_")).fetchall()
        finally:
            connection.close()


OBSERVER_ERRORS = (psycopg.Error, sqlite3.Error)
"""What reading raises while a fault lasts."""

Staging = Callable[[Ground], AbstractContextManager[Stage]]


def with_database(place: Ground, server: Cluster, **found: Any) -> Stage:
    """A stage on the server's application database, in which the table of payments is made."""
    with psycopg.connect(server.conninfo(ROLE, DATABASE), autocommit=True) as connection:
        connection.execute(PAYMENTS.encode())
    options: dict[str, Any] = {"url": server.url(), **found}
    return Stage(ground=place, database=ServerDatabase(server), **options)


@contextmanager
def on_server(place: Ground, settings: Mapping[str, str] | None = None) -> Generator[Stage]:
    """A server, reached directly."""
    with cluster(place, settings=settings) as server:
        server.create_database()
        yield with_database(place, server)


@contextmanager
def behind_proxy(place: Ground) -> Generator[Stage]:
    """A server that executors reach through a proxy, and the observer does not."""
    with cluster(place) as server, proxy(server.port) as opened:
        server.create_database()
        yield with_database(place, server, url=server.url(opened.port), proxy=opened)


@contextmanager
def on_small_disk(place: Ground) -> Generator[Stage]:
    """A server whose application's database is on a small file system, and whose write-ahead log is not."""
    with place.small_disk(48) as disk, cluster(place) as server:
        folder = disk / "tablespace"
        folder.mkdir(mode=0o700)
        place.user.give(folder)
        server.create_database(folder)
        yield with_database(place, server, disk=disk)


@contextmanager
def on_pair(place: Ground) -> Generator[Stage]:
    """A primary with a synchronous standby, and a URL with both hosts that asks for the one that takes writes."""
    with cluster(place, "primary") as primary:
        primary.create_database()
        with standby(place, primary) as second:
            hosts = f"127.0.0.1:{primary.port},127.0.0.1:{second.port}"
            url = f"postgresql://{ROLE}:{primary.password}@{hosts}/{DATABASE}?target_session_attrs=read-write"
            yield with_database(place, primary, url=url, other=second)


@contextmanager
def on_file(place: Ground, folder: Path | None = None) -> Generator[Stage]:
    """An SQLite file."""
    file = (folder or place.folder) / "app.sqlite"
    connection = sqlite3.connect(file)
    connection.execute(PAYMENTS)
    connection.close()
    yield Stage(ground=place, url=f"sqlite:///{file}", database=FileDatabase(file), file=file, disk=folder)


@contextmanager
def on_file_on_small_disk(place: Ground) -> Generator[Stage]:
    """An SQLite file on a small file system."""
    with place.small_disk(24) as disk, on_file(place, disk) as stage:
        yield stage


def fill(disk: Path, *, leave_bytes: int = 0) -> Path:
    """Leave no more than so many bytes on a small file system; the file that takes the rest."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    if leave_bytes:
        with ballast.open("r+b") as file:
            file.truncate(max(0, ballast.stat().st_size - leave_bytes))
    return ballast
