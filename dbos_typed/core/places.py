"""Where things are defined, so that a second one of a name is told from the first one that is read again."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from dbos_typed.error import DBOSConflictingRegistrationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the source something was defined."""

    label: str
    """`module:qualname`, which names it in messages."""
    file: str
    line: int
    execution: object | None
    """Stands for the execution of the module's body in which it was defined; `None`: it was defined in a call."""

    def is_read_again(self, before: Place) -> bool:
        """Whether the module's body is executed anew: imported again, reloaded after a change, a cell of a notebook."""
        return None not in (self.execution, before.execution) and self.execution is not before.execution

    def __str__(self) -> str:
        return f"{self.label} ({self.file}:{self.line})"


class Places:
    """The places of everything that is registered. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._definitions: dict[tuple[str, str, str], Place] = {}
        self._instances: dict[tuple[str, str], Place | None] = {}

    def after_fork(self) -> None:
        """In a forked process: a thread that is not here may hold the lock for ever."""
        self._lock = Lock()

    def define(self, kind: str, module: str, name: str, place: Place | None, *, is_given: bool = False) -> None:
        """Note where something of a module is defined.

        Raises DBOSConflictingRegistrationError if another place of the module defines another one of the name: the
        second would take the place of the first, and what the first recorded be replayed into it. A name that
        `is_given`, instead of being the function's own, hides nothing in Python: it is refused only if one execution of
        the module's body gives it twice, since calls may define one or the other.
        """
        if place is None:
            return
        with self._lock:
            before = self._definitions.setdefault((kind, module, name), place)
            is_other = (before.file, before.line) != (place.file, place.line)
            is_free = is_given and None in (place.execution, before.execution)
            if is_other and not is_free and not place.is_read_again(before):
                raise DBOSConflictingRegistrationError(name, registered=str(before), conflicting=str(place))
            self._definitions[kind, module, name] = place

    def make(self, key: tuple[str, str], place: Place | None, *, is_another: bool) -> None:
        """Note where a configured instance is made, by its class and its name.

        Raises DBOSConflictingRegistrationError if it `is_another` than the one which has the name, unless the module
        that makes it is executed anew.
        """
        with self._lock:
            before = self._instances.get(key)
            is_again = (
                place is not None and before is not None and place.file == before.file and place.is_read_again(before)
            )
            if is_another and not is_again:
                raise DBOSConflictingRegistrationError(
                    "/".join(key),
                    registered="another instance" if before is None else str(before),
                    conflicting="this one" if place is None else str(place),
                )
            self._instances[key] = place

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._definitions.clear()
            self._instances.clear()
