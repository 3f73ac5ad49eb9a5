"""Exceptions, and what exceptions carry, that are taken apart and put together by functions made for their class."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dbos_typed.codec import libraries
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import Value
from dbos_typed.codec.naming import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Reducer:
    """Takes instances of a class apart into data that can be stored, and makes them of it again."""

    reduce: Callable[[Any], object]
    rebuild: Callable[[Any], object]


class Reducers:
    """The reducers of an application and those of well-known libraries, by the name of their class."""

    def __init__(self) -> None:
        self._added: dict[str, tuple[type[Any], Reducer]] = {}

    def add(self, cls: type[Any], reducer: Reducer) -> None:
        """Let the instances of `cls` be stored so; the last one given for a class counts."""
        self._added[reference(cls)] = cls, reducer

    def of(self, cls: type[Any]) -> tuple[str, Reducer] | None:
        """The reducer of a class, or of its nearest base that has one, with the name it is found by."""
        for base in cls.__mro__:
            ref = reference(base)
            added = self._added.get(ref)
            if added is not None and added[0] is base:
                return ref, added[1]
            for name, (places, reduce, rebuild) in libraries.REDUCERS.items():
                if ref in places:
                    return name, Reducer(reduce=reduce, rebuild=rebuild)
        return None

    def rebuild(self, name: str, data: Value) -> object:
        """What the reducer of this name makes of the data. Failure: there is none here."""
        added = self._added.get(name)
        if added is not None:
            return added[1].rebuild(data)
        if name not in libraries.REDUCERS:
            raise Failure(
                f"no reducer for {name!r} is registered here: DBOS.register_exception(…) before DBOS.launch()"
            )
        package = name.partition(":")[0]
        if package not in sys.modules:
            importlib.import_module(package)
        return libraries.REDUCERS[name][2](data)
