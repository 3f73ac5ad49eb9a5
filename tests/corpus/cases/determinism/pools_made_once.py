from __future__ import annotations

import functools
import sqlite3
from typing import ClassVar

from dbos_typed import DBOS

_connection: sqlite3.Connection | None = None
_by_name: dict[str, sqlite3.Connection] = {}
_seen: dict[str, bool] = {}


def connection() -> sqlite3.Connection:
    global _connection
    if _connection is None:
        _connection = sqlite3.connect("app.sqlite")
    return _connection


def named(name: str) -> sqlite3.Connection:
    if name not in _by_name:
        _by_name[name] = sqlite3.connect(name)
    return _by_name[name]


@functools.cache
def archive() -> sqlite3.Connection:
    return sqlite3.connect("archive.sqlite")


class Pools:
    _main: ClassVar[sqlite3.Connection | None] = None

    @classmethod
    def main(cls) -> sqlite3.Connection:
        if cls._main is None:
            cls._main = sqlite3.connect("main.sqlite")
        return cls._main


def is_new(name: str) -> bool:
    if name in _seen:
        return False
    _seen[name] = True
    return True


@DBOS.step()
def store(name: str) -> int:
    return named(name).total_changes


@DBOS.workflow()
def warmed(name: str) -> int:
    connection()
    named(name)
    archive()
    Pools.main()
    return store(name)


@DBOS.workflow()
def used(name: str) -> int:
    connection().execute("select 1")  # E: dbos-deterministic
    archive().execute("select 1")  # E: dbos-deterministic
    return store(name) if is_new(name) else 0  # E: dbos-deterministic
