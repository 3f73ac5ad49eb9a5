"""A lock on a file, which the operating system gives up when the process that holds it ends, however it ends.

It holds across containers that share the file, whatever their process numbers are, and needs no clock.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from dbos_typed.records import LockState

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    _probe = _lock
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not lockf, whose locks end when this process closes any descriptor of the file, as a backup does.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _probe(descriptor: int) -> None:
        # Shared, so that two that look at one moment do not take each other for the holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)


class ProcessLock:
    """A lock of this process on a file of its own."""

    def __init__(self, path: Path, mode: int) -> None:
        """Take it. Raises OSError if the folder cannot be written to, or its file system has no locks."""
        self._path = path
        self._mode = mode
        self._descriptor: int | None = None
        self._take()

    def renew(self) -> bool:
        """Take it again if somebody has removed the file; whether it is held."""
        try:
            if self._descriptor is not None:
                with contextlib.suppress(FileNotFoundError):
                    if os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
                        return True
                os.close(self._descriptor)
            self._take()
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Give it up and remove the file. Idempotent."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                # First, so that nobody finds the file without its lock; where open files cannot be removed, others do.
                self._path.unlink()
            os.close(self._descriptor)
            self._descriptor = None

    def forget(self) -> None:
        """Let it be that of the parent alone, in a process that was forked."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self) -> None:
        self._descriptor = None
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), self._mode)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor


def lock_state(path: Path) -> LockState:
    """Whether a process holds the lock on the file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return LockState.GONE
    except OSError:
        return LockState.UNKNOWN
    try:
        _probe(descriptor)
    except (BlockingIOError, PermissionError):
        return LockState.HELD
    except OSError:
        return LockState.UNKNOWN
    finally:
        os.close(descriptor)
    return LockState.GONE


def remove_if_free(path: Path) -> None:
    """Remove the file of a process that has ended."""
    with contextlib.suppress(OSError):
        if lock_state(path) is LockState.GONE:
            path.unlink()
