"""Types by where they are defined, imported when a value of them is read: what generated references know of them."""

from __future__ import annotations

import builtins
import importlib
import sys
from typing import Any

from dbos_typed.api.registration import codec
from dbos_typed.codec import Plan, UndecodableValue
from dbos_typed.error import DBOSSerializationError


class ImportedType:
    """A type as an expression over names of builtins and over `_0`, `_1`, …, which stand for `places` in order.

    A place is `module:path`: `ImportedType("list[_0]", "shop.models:Item")`.
    """

    __slots__ = ("_expression", "_places")

    def __init__(self, expression: str, *places: str) -> None:
        self._expression = expression
        self._places = places

    def resolve(self) -> Any:
        """The type itself. ImportError: one of its modules is not here, or has no such name any more."""
        names = {f"_{number}": imported(place) for number, place in enumerate(self._places)}
        # The expression is part of a generated module: code, as the module itself is.
        return eval(self._expression, {"__builtins__": vars(builtins)}, names)  # noqa: S307  # see above

    def __repr__(self) -> str:
        return f"ImportedType({', '.join(repr(part) for part in (self._expression, *self._places))})"


class ImportedPlan(Plan[Any]):
    """Reads results of one workflow as the type that its generated reference gives, imported at the first of them."""

    __slots__ = ("_compiled", "_type", "_workflow")

    def __init__(self, workflow: str, result: ImportedType) -> None:
        # The base class is given its parts when the type is known.
        self._workflow = workflow
        self._type = result
        self._compiled: Plan[Any] | None = None

    def encode(self, value: Any) -> str:
        """As `Plan.encode`."""
        return self._plan().encode(value)

    def plain(self, value: Any) -> str:
        """As `Plan.plain`."""
        return self._plan().plain(value)

    def decode(self, text: str) -> Any:
        """As `Plan.decode`; DBOSSerializationError also when the type cannot be imported."""
        return self._plan().decode(text)

    def replay(self, value: Any) -> tuple[str, Any]:
        """As `Plan.replay`."""
        return self._plan().replay(value)

    def try_decode(self, text: str) -> Any | UndecodableValue:
        """As `Plan.try_decode`."""
        try:
            return self.decode(text)
        except DBOSSerializationError as error:
            return UndecodableValue(reason=error.message, text=text)

    def _plan(self) -> Plan[Any]:
        if self._compiled is None:
            try:
                kind = self._type.resolve()
            except Exception as error:
                raise _not_here(self._workflow, error) from error
            self._compiled = codec.plan(kind, where=f"workflow {self._workflow!r}", root="result")
        return self._compiled


def imported(place: str) -> Any:
    """What `module:path` names. ImportError: it is not here."""
    module, _, path = place.partition(":")
    found: object = importlib.import_module(module)
    for name in path.split(".") if path else ():
        if not hasattr(found, name):
            msg = f"{module} has no {path}"
            raise ImportError(msg, name=module)
        found = getattr(found, name)
    return found


def know(place: str, *, imports: bool) -> None:
    """Let values of a class be sent from here and read here; one that cannot be imported stays unknown.

    Without `imports` its module has to be loaded already, as it is where there are values of the class.
    """
    if not imports and place.partition(":")[0] not in sys.modules:
        return
    try:
        codec.plan(imported(place), where=place)
    except Exception:  # noqa: BLE001  # importing runs other people's code; a value of the class will say what is wrong
        return


def _not_here(workflow: str, error: Exception) -> DBOSSerializationError:
    return DBOSSerializationError(
        f"workflow {workflow!r}: its result cannot be read here, because its type cannot be imported "
        f"({type(error).__name__}: {error}). Define the type in a module that this process has as well, apart from "
        "the workflow, and run dbos-gen.",
        path="result",
    )
