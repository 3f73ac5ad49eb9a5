"""What an expression stands for, as far as the source says it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Protocol

from dbos_gen.rules.body import Binding
from dbos_gen.rules.functions import Class, Function, Kind, Unit
from dbos_gen.scan.source import Source


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project."""

    source: Source


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project by its dotted name.

    ``()`` stands for a call: ``time.time`` is the function, ``httpx.Client()`` an instance and
    ``httpx.Client().get`` its method. Builtins are ``builtins.open``.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Runtime:
    """Something of the runtime by its public name: ``DBOS.recv``, ``Queue``, ``Queue()`` for an instance."""

    name: str


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the project. ``kind`` is how the runtime treats calls of it.

    ``is_bound`` when the receiver of a method is known already.
    """

    function: Function
    kind: Kind
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the project."""

    cls: Class


@dataclass(frozen=True, slots=True)
class InstanceRef:
    """An instance of a class of the project; ``after`` is the class behind which ``super()`` looks."""

    cls: Class
    after: Class | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """``functools.partial(target, ...)``."""

    target: Value


@dataclass(frozen=True, slots=True)
class Coroutine:
    """A coroutine that nobody has awaited yet, of what gives ``result``; ``of`` is what was called."""

    of: Value
    result: Value | None


Value = ProjectModule | External | Runtime | FunctionRef | ClassRef | InstanceRef | Partial | Coroutine


def agreed(values: list[Value | None]) -> Value | None:
    """Return the value that all agree on."""
    if not values:
        return None
    first = values[0]
    return first if all(value == first for value in values) else None


class Expressions(Protocol):
    """What answers about expressions, as far as annotations and attributes need it."""

    def unit(self, module: str) -> Unit | None:
        """Return a module of the project."""
        ...

    def unit_of(self, source: Source) -> Unit:
        """Return the unit of a source of the project."""
        ...

    def evaluate(self, node: ast.expr, function: Function, depth: int = 0) -> Value | None:
        """Return what an expression in a function's body stands for."""
        ...

    def annotated(
        self, node: ast.expr, function: Function, depth: int = 0, *, owner: Class | None = None
    ) -> Value | None:
        """Return an instance of what an annotation says."""
        ...

    def global_name(self, source: Source, name: str, depth: int = 0) -> Value | None:
        """Return what a name of a module stands for."""
        ...

    def binding(self, scope: Function, name: str, binding: Binding, depth: int) -> Value | None:
        """Return what one place that binds a name gives it."""
        ...

    def function_result(self, called: FunctionRef, depth: int) -> Value | None:
        """Return what calling a function of the project gives."""
        ...

    def kind(self, function: Function) -> Kind:
        """Return how the runtime treats a function."""
        ...
