"""Reading values and collecting what is wrong with them."""

from __future__ import annotations

import difflib
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from dbos_typed.config.masking import shown
from dbos_typed.config.serializers import Serializer
from dbos_typed.config.urls import with_quoted_login
from dbos_typed.error import DBOSInitializationError

T = TypeVar("T")
MAX_PORT = 65535
LONGEST_SHOWN = 200
"""Characters of a wrong value in its problem."""


class Problems:
    """What is wrong with a configuration: all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, problem: str) -> None:
        """One more problem."""
        self._found.append(problem)

    def check(self) -> None:
        """DBOSInitializationError: lists every problem, if there is one."""
        if self._found:
            listed = "\n".join(f"  - {problem}" for problem in self._found)
            count = "1 problem" if len(self._found) == 1 else f"{len(self._found)} problems"
            msg = f"The configuration has {count}:\n{listed}\nNothing was started."
            raise DBOSInitializationError(msg)


class Section:
    """The values of one mapping; what is wrong goes to `problems`, named by `path`."""

    def __init__(self, values: Mapping[str, Any], known: Iterable[str], problems: Problems, path: str = "") -> None:
        self._values = values
        self._problems = problems
        self._path = path
        names = list(known)
        for key in values:
            if key not in names:
                close = difflib.get_close_matches(str(key), names, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(names)}"
                where = f" in {path.rstrip('.')!r}" if path else ""
                problems.add(
                    f"unknown key {key!r}{where}: {hint} (Validation error: Additional properties are not allowed "
                    f"({key!r} was unexpected))"
                )

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def value(self, key: str, read: Callable[[object], T]) -> T | None:
        """What `read` makes of the value; None when there is none, or when it is wrong."""
        given = self._values.get(key)
        if given is None:
            return None
        try:
            return read(given)
        except ValueError as error:
            self._problems.add(f"{self._path + key!r} is {_shown(given, key)}: {error}")
            return None

    def section(self, key: str, known: Iterable[str]) -> Section:
        """The mapping under `key`; an empty one when there is none."""
        given = self._values.get(key)
        path = f"{self._path}{key}."
        if given is None:
            return Section({}, known, self._problems, path)
        if not isinstance(given, Mapping):
            self._problems.add(f"{self._path + key!r} is {_shown(given, key)}: it must be a mapping")
            return Section({}, known, self._problems, path)
        return Section(cast("Mapping[str, Any]", given), known, self._problems, path)


def _shown(given: object, key: str) -> str:
    told = shown(given, key)
    return told if len(told) <= LONGEST_SHOWN else f"{told[:LONGEST_SHOWN]}…"


def text(given: object) -> str:
    """A text that is not empty."""
    if not isinstance(given, str) or not given.strip():
        msg = "it must be a text that is not empty"
        raise ValueError(msg)
    if "\0" in given or any("\ud800" <= character <= "\udfff" for character in given):
        msg = "it must not contain NUL or lone surrogates"
        raise ValueError(msg)
    return given


def url(given: object) -> str:
    """A database URL; what kind of database it may be is for the storage to say."""
    found = text(given)
    if "://" not in found:
        msg = "it must be a URL: sqlite:///path/to/file.sqlite or postgresql://user:password@host:5432/name"
        raise ValueError(msg)
    return with_quoted_login(found)


def identifier(given: object) -> str:
    """A name that needs no quoting in SQL."""
    found = text(given)
    if not found.isidentifier() or not found.isascii():
        msg = "it must consist of letters, digits and underscores"
        raise ValueError(msg)
    return found


def positive(given: object) -> int:
    """A whole number of at least 1."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        msg = "it must be a whole number of at least 1"
        raise ValueError(msg)
    return given


def seconds(given: object) -> float:
    """A positive number of seconds."""
    if not isinstance(given, int | float) or isinstance(given, bool) or not 0 < given <= sys.float_info.max:
        msg = "it must be a positive number of seconds"
        raise ValueError(msg)
    return float(given)


def port(given: object) -> int:
    """A port number; 0 means any."""
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= MAX_PORT:
        msg = f"it must be a port number, 0 to {MAX_PORT}"
        raise ValueError(msg)
    return given


def boolean(given: object) -> bool:
    """True or False."""
    if not isinstance(given, bool):
        msg = "it must be True or False"
        raise ValueError(msg)  # noqa: TRY004  # collected with the other problems
    return given


def log_level(given: object) -> str:
    """The name of a level of the standard library's logging."""
    levels = logging.getLevelNamesMapping()
    if not isinstance(given, str) or given.upper() not in levels:
        msg = f"it must be one of {', '.join(levels)}"
        raise ValueError(msg)
    return given.upper()


def serializer(given: object) -> Serializer:
    """An object that writes and reads what is stored."""
    if isinstance(given, type) or not isinstance(given, Serializer):
        msg = "it must be an object with the methods serialize(data) -> str and deserialize(text)"
        raise ValueError(msg)  # noqa: TRY004  # collected with the other problems
    return given


def reaction(given: object) -> str:
    """What to do about a conflict."""
    if given not in ("raise", "warn"):
        msg = "it must be 'raise' or 'warn'"
        raise ValueError(msg)
    return str(given)


def pooler(given: object) -> str:
    """What stands before a PostgreSQL server."""
    if given not in ("transaction", "session", "none"):
        msg = "it must be 'transaction', 'session' or 'none'"
        raise ValueError(msg)
    return str(given)


def texts(given: object) -> Sequence[str]:
    """Several texts; one alone counts as a list of one."""
    several = [given] if isinstance(given, str) else given
    if not isinstance(several, list | tuple):
        msg = "it must be a list of texts"
        raise ValueError(msg)  # noqa: TRY004  # collected with the other problems
    return [text(each) for each in cast("Sequence[object]", several)]


def mapping(given: object) -> dict[str, Any]:
    """A mapping whose keys are texts."""
    if not isinstance(given, Mapping):
        msg = "it must be a mapping"
        raise ValueError(msg)  # noqa: TRY004  # collected with the other problems
    return {text(key): value for key, value in cast("Mapping[object, Any]", given).items()}


def variables_of(given: object) -> dict[str, Any]:
    """Environment variables: names and values that the operating system takes."""
    found = mapping(given)
    for name, value in found.items():
        if "=" in name:
            msg = f"the name {name.partition('=')[0] + '=…'!r} must not contain '='"
            raise ValueError(msg)
        try:
            written = os.fsencode(str(value))
        except ValueError:
            msg = f"the value of {name!r} cannot be written as a text"
            raise ValueError(msg) from None
        if b"\0" in written:
            msg = f"the value of {name!r} must not contain NUL"
            raise ValueError(msg)
    return found


def text_mapping(given: object) -> dict[str, str]:
    """A mapping of texts to texts."""
    return {key: text(value) for key, value in mapping(given).items()}
