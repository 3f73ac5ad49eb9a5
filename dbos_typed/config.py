"""The configuration: what users write, and the frozen settings that the runtime works with."""

from __future__ import annotations

import difflib
import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast

from dbos_typed.errors import DBOSInitializationError

DEFAULT_THREADS = 64
DEFAULT_POOL_SIZE = 10


class DBOSConfig(TypedDict, total=False):
    """What `DBOS(config=...)` takes. Only `name` is required."""

    name: str
    """The application's name."""
    database_url: str | None
    """The application's database, sqlite:/// or postgresql://.

    Default: the file `<name>.sqlite` in the working directory.
    """
    system_database_url: str | None
    """Where workflows are stored; default: the application's database."""
    dbos_system_schema: str | None
    """The schema of the tables on PostgreSQL; default: dbos_typed."""
    executor_id: str | None
    """Names this process to others; default: DBOS__VMID, else the host's name."""
    application_version: str | None
    """Workflows are recovered by executors of their version.

    Default: DBOS__APPVERSION, else computed from the workflows.
    """
    max_executor_threads: int | None
    """How many synchronous workflows run at one time; default 64. Waiting ones are not counted."""
    db_pool_size: int | None
    """Connections for transactions and reads; default 10."""
    log_level: str | None
    """Of the logger `dbos_typed`; default INFO."""
    strict_replay: bool | None
    """Whether a replayed call with other arguments than recorded is an error; default: a warning."""
    on_input_conflict: Literal["raise", "warn"] | None
    """What starting an existing id with other inputs does; default: raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration with every default filled in."""

    name: str
    database_url: str
    schema: str
    executor_id: str
    application_version: str | None
    max_executor_threads: int
    db_pool_size: int
    log_level: int
    strict_replay: bool
    on_input_conflict: Literal["raise", "warn"]


def read_config(config: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Check a configuration and fill in the defaults.

    DBOSInitializationError: lists every unknown key and every wrong value.
    """
    environment = os.environ if environment is None else environment
    problems = _Problems(config)
    name = problems.value("name", _text)
    if name is None and "name" not in config:
        problems.add("'name' is missing: give the application a name")
    database_url = problems.value("database_url", _text)
    system_url = problems.value("system_database_url", _text)
    if None not in (database_url, system_url) and database_url != system_url:
        problems.add(
            "'system_database_url' differs from 'database_url': workflows are stored in the application's database, "
            "so that transactions and their records commit together. Give only one of them"
        )
    settings = Settings(
        name=name or "",
        database_url=database_url or system_url or f"sqlite:///{name}.sqlite",
        schema=problems.value("dbos_system_schema", _identifier) or "dbos_typed",
        executor_id=problems.value("executor_id", _text) or environment.get("DBOS__VMID") or socket.gethostname(),
        application_version=problems.value("application_version", _text) or environment.get("DBOS__APPVERSION") or None,
        max_executor_threads=problems.value("max_executor_threads", _positive) or DEFAULT_THREADS,
        db_pool_size=problems.value("db_pool_size", _positive) or DEFAULT_POOL_SIZE,
        log_level=problems.value("log_level", _log_level) or logging.INFO,
        strict_replay=bool(problems.value("strict_replay", _boolean)),
        on_input_conflict=cast('Literal["raise", "warn"]', problems.value("on_input_conflict", _reaction) or "raise"),
    )
    problems.check()
    return settings


class _Problems:
    """Reads values and collects what is wrong with them."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._found: list[str] = []
        known = list(DBOSConfig.__annotations__)
        for key in config:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(known)}"
                self.add(f"unknown key {key!r}: {hint}")

    def add(self, problem: str) -> None:
        self._found.append(problem)

    def value(self, key: str, read: Callable[[object], Any]) -> Any:  # noqa: ANN401  # what `read` returns
        given = self._config.get(key)
        if given is None:
            return None
        try:
            return read(given)
        except ValueError as error:
            self.add(f"{key!r} is {given!r}: {error}")
            return None

    def check(self) -> None:
        if self._found:
            listed = "\n".join(f"  - {problem}" for problem in self._found)
            count = "1 problem" if len(self._found) == 1 else f"{len(self._found)} problems"
            msg = f"The configuration has {count}:\n{listed}\nNothing was started."
            raise DBOSInitializationError(msg)


def _text(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        msg = "it must be a text that is not empty"
        raise ValueError(msg)
    return given


def _identifier(given: object) -> str:
    text = _text(given)
    if not text.isidentifier() or not text.isascii():
        msg = "it must consist of letters, digits and underscores"
        raise ValueError(msg)
    return text


def _positive(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        msg = "it must be a whole number of at least 1"
        raise ValueError(msg)
    return given


def _boolean(given: object) -> bool:
    if not isinstance(given, bool):
        msg = "it must be True or False"
        raise ValueError(msg)  # noqa: TRY004  # collected with the other problems
    return given


def _log_level(given: object) -> int:
    levels = logging.getLevelNamesMapping()
    if not isinstance(given, str) or given.upper() not in levels:
        msg = f"it must be one of {', '.join(levels)}"
        raise ValueError(msg)
    return levels[given.upper()]


def _reaction(given: object) -> str:
    if given not in ("raise", "warn"):
        msg = "it must be 'raise' or 'warn'"
        raise ValueError(msg)
    return str(given)
