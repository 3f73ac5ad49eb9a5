"""Connections that a forked process has from its parent, which only the parent may use."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from weakref import WeakSet

import psycopg

from dbos_typed.error import DBOSInitializationError

_sessions: WeakSet[psycopg.Connection] = WeakSet()
_open_files: Counter[tuple[int, int]] = Counter()
_inherited_files: set[tuple[int, int]] = set()


def note_session(connection: psycopg.Connection) -> None:
    """Remember a session of a server, which a child must not write to."""
    _sessions.add(connection)


def note_file(identity: tuple[int, int] | None, *, is_open: bool) -> None:
    """Count the connections to a SQLite file, by its device and number."""
    if identity is not None:
        _open_files[identity] += 1 if is_open else -1


def refuse_inherited(path: str) -> None:
    """DBOSInitializationError: SQLite was at work on the file when this process was forked.

    What its library remembers of the parent's locks it would take for this process's own, and spoil the file.
    """
    with contextlib.suppress(OSError):
        status = os.stat(path)  # noqa: PTH116  # a text everywhere else
        if (status.st_dev, status.st_ino) in _inherited_files:
            msg = (
                f"The SQLite file {path} cannot be used in this process, because it was open in the parent when this "
                "process was forked, and SQLite does not survive a fork. Launch DBOS in the children only and not "
                "before they are forked, start them by the method 'spawn', or use PostgreSQL."
            )
            raise DBOSInitializationError(msg)


def _leave_to_the_parent() -> None:
    """Let what this process still writes to the parent's sessions, when it closes them at its end, reach nobody."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for connection in list(_sessions):
        with contextlib.suppress(psycopg.Error, OSError):
            os.dup2(nowhere, connection.fileno(), inheritable=False)
    os.close(nowhere)
    _sessions.clear()
    _inherited_files.update(identity for identity, count in _open_files.items() if count > 0)
    _open_files.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)
