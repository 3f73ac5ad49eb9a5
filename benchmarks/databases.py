"""A fresh database for every measurement, and copies of one that a killed process left."""

import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from benchmarks.scenarios import DatabaseName
from tests.postgres_server import create_database, database_url, drop_database, libpq_url, running_postgres

# /tmp is often in memory, where a commit costs nothing; /var/tmp is on a disk.
DISK = Path("/var/tmp")


class Databases(Protocol):
    """One kind of database."""

    version: str

    def fresh(self) -> str:
        """Create an empty database and give its SQLAlchemy URL."""
        ...

    def copy(self, url: str) -> str:
        """Copy a database that nobody is connected to and give the SQLAlchemy URL of the copy."""
        ...

    def drop(self, url: str) -> None:
        """Remove a database."""
        ...


class SqliteFiles:
    """Files in one folder."""

    version = f"SQLite {sqlite3.sqlite_version}"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> str:
        """Create a folder for one file; the file itself appears with the first connection."""
        folder = self._folder / secrets.token_hex(6)
        folder.mkdir()
        return f"sqlite:///{folder / 'bench.sqlite'}"

    def copy(self, url: str) -> str:
        """Copy the file with its journal, so that what was committed and not yet moved is there too."""
        copy = self.fresh()
        shutil.copytree(self._path(url).parent, self._path(copy).parent, dirs_exist_ok=True)
        return copy

    def drop(self, url: str) -> None:
        """Remove the folder."""
        shutil.rmtree(self._path(url).parent)

    @staticmethod
    def _path(url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))


class PostgresDatabases:
    """Databases on one server with default settings: every commit is flushed to disk."""

    def __init__(self, server_url: str) -> None:
        self._server_url = server_url
        with psycopg.connect(libpq_url(server_url)) as connection:
            self.version = f"PostgreSQL {connection.info.server_version / 10000:.2f}"

    def fresh(self) -> str:
        """Create an empty database."""
        return self._create("template1")

    def copy(self, url: str) -> str:
        """Create a database from another one."""
        return self._create(url.rsplit("/", 1)[1])

    def drop(self, url: str) -> None:
        """Drop the database, disconnecting its users."""
        drop_database(self._server_url, url.rsplit("/", 1)[1])

    def _create(self, template: str) -> str:
        name = f"bench_{secrets.token_hex(6)}"
        create_database(self._server_url, name, template=template)
        return database_url(self._server_url, name)


@contextmanager
def open_databases(names: list[DatabaseName]) -> Generator[dict[DatabaseName, Databases]]:
    """Everything that the named kinds need, removed at the end of the block."""
    with ExitStack() as stack:
        opened: dict[DatabaseName, Databases] = {}
        if "sqlite" in names:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dbos-bench-", dir=DISK))
            opened["sqlite"] = SqliteFiles(Path(folder))
        if "postgres" in names:
            opened["postgres"] = PostgresDatabases(stack.enter_context(running_postgres(directory=DISK)))
        yield opened
