"""Forked processes: they have a copy of the parent's engine, without its threads and with its connections."""

from __future__ import annotations

import ctypes
import os
from typing import Protocol


class Forkable(Protocol):
    """What must not be used any more in a child."""

    def abandon(self) -> None:
        """Refuse every further call. Takes no lock, which a thread of the parent may hold for ever in this copy."""
        ...


_open: list[Forkable] = []


def watch(opened: Forkable) -> None:
    """Abandon it in every child that is forked before `unwatch`."""
    _open.append(opened)


def unwatch(closed: Forkable) -> None:
    """It has ended. Idempotent."""
    if closed in _open:
        _open.remove(closed)


def _abandon_all() -> None:
    for each in _open:
        each.abandon()
        # Never freed, not even when the interpreter ends: closing SQLite's connections would spoil the parent's.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(each))
    _open.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)
