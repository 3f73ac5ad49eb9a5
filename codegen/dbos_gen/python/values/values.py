"""What an expression stands for, as far as the source says it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from dbos_gen.python.values.functions import Class, Function, FunctionKind, ModuleFunctions
from dbos_gen.sources.project import Source
from dbos_gen.syntax.body import Binding


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project."""

    source: Source


@dataclass(frozen=True, slots=True)
class Made:
    """The expression that makes a value, and the function in whose body, or in one of whose calls, it stands."""

    node: ast.expr
    place: Function


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the items of a container come from.

    ``made`` is the expression that makes it, ``parts`` are its items where they are known otherwise, ``declared`` is
    the annotation of it, ``either`` are the containers of which it is one. ``variables`` are the names, each with the
    function or class that has it, through which it may be changed later.
    """

    made: Made | None = None
    parts: tuple[Value | None, ...] | None = None
    declared: Made | None = None
    either: tuple[Value, ...] = ()
    variables: tuple[tuple[Function | Class, str], ...] = ()


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project by its dotted name.

    ``()`` stands for a call: ``time.time`` is the function, ``httpx.Client()`` an instance and
    ``httpx.Client().get`` its method. Builtins are ``builtins.open``. ``contents`` of containers say what is in them.
    """

    name: str
    contents: Contents | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Something of the runtime by its public name: ``DBOS.recv``, ``Queue``, ``Queue()`` for an instance.

    ``package`` is the runtime's, ``made`` the call that gave it.
    """

    name: str
    package: str = field(default="dbos_typed", compare=False)
    made: Made | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the project. ``kind`` is how the runtime treats calls of it.

    ``is_bound`` when the receiver of a method is known already; ``receiver`` is that receiver. ``around`` is the call
    whose names an inner function sees. ``decorated`` is the call of the runtime's decorator where it does not stand
    above the definition, and ``is_undecorated`` when decorators of the project do not apply any more.
    """

    function: Function
    kind: FunctionKind
    is_bound: bool = False
    receiver: Value | None = field(default=None, compare=False)
    around: Function | None = field(default=None, compare=False)
    decorated: Made | None = field(default=None, compare=False)
    is_undecorated: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the project; unless ``is_exact``, perhaps one that is derived from it."""

    cls: Class
    is_exact: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class InstanceRef:
    """An instance of a class of the project; ``after`` is the class behind which ``super()`` looks.

    ``is_exact`` when it is of no derived class; ``made`` is the call that made it, ``given`` what that passed where
    there is no such call. ``behind_super`` is the object whose ``super()`` it is.
    """

    cls: Class
    after: Class | None = None
    is_exact: bool = field(default=False, compare=False)
    made: Made | None = field(default=None, compare=False)
    behind_super: Value | None = field(default=None, compare=False)
    given: tuple[Value, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Partial:
    """``functools.partial(target, ...)``; ``made`` is that call."""

    target: Value
    made: Made | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Coroutine:
    """A coroutine that nobody has awaited yet, of what gives ``result``; ``of`` is what was called."""

    of: Value
    result: Value | None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several values; ``is_open`` when it may be another one that the source does not tell.

    ``labels`` say when it is which: the keys of a dispatch table.
    """

    values: tuple[Value, ...]
    is_open: bool = False
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.labels:
            object.__setattr__(self, "labels", tuple(str(index) for index in range(len(self.values))))


Value = ProjectModule | External | Runtime | FunctionRef | ClassRef | InstanceRef | Partial | Coroutine | OneOf


@dataclass(frozen=True, slots=True)
class Passed:
    """What a call passes for a parameter: an expression and where it stands, or a value.

    ``parts`` are what ``*args`` collects, ``names`` what ``**kwargs`` does.
    """

    made: Made | None = None
    value: Value | None = None
    parts: tuple[Passed, ...] | None = None
    names: Mapping[str, Passed] | None = None


def identity(value: Value | None) -> object:  # noqa: PLR0911  # one each
    """Return what tells values apart that are equal for most purposes: closures, receivers, what made an object."""
    match value:
        case FunctionRef(function, kind, is_bound):
            return (function, kind, is_bound, value.around, identity(value.receiver), value.decorated)
        case InstanceRef(cls, after):
            given = tuple(map(identity, value.given))
            return (cls, after, value.is_exact, value.made, identity(value.behind_super), given)
        case External(name):
            return (name, value.contents)
        case Runtime(name):
            return (name, value.package)
        case Partial(target):
            return ("partial", identity(target), value.made)
        case Coroutine(of, result):
            return ("coroutine", identity(of), identity(result))
        case OneOf(values, is_open, labels):
            return (tuple(map(identity, values)), is_open, labels)
        case ClassRef(cls, is_exact):
            return (cls, is_exact)
        case _:
            return value


def joined(values: Iterable[Value | None], labels: Iterable[str] | None = None) -> Value | None:
    """Return what is one of several values, the value itself where all are the same, None where none is known."""
    names = None if labels is None else list(labels)
    found: dict[object, tuple[Value, str]] = {}
    is_open = False
    for index, value in enumerate(values):
        inner = value.values if isinstance(value, OneOf) else () if value is None else (value,)
        is_open = is_open or value is None or (isinstance(value, OneOf) and value.is_open)
        for number, each in enumerate(inner):
            label = str(len(found)) if names is None else names[index] + (f".{number}" if len(inner) > 1 else "")
            # With labels it matters which is which.
            key = (identity(each), label) if names is not None else identity(each)
            found.setdefault(key, (each, label))
    known = [value for value, _ in found.values()]
    if not known:
        return None
    if all(value == known[0] for value in known) and not is_open and names is None:
        return _common(known)
    if len(known) == 1 and not is_open:
        return known[0]
    return OneOf(tuple(known), is_open=is_open, labels=tuple(label for _, label in found.values()))


def _common(values: list[Value]) -> Value:
    """Return one value for several that are equal: what they do not share is not known of it."""
    first = values[0]
    if len(values) == 1:
        return first
    match first:
        case InstanceRef(cls, after):
            return InstanceRef(
                cls, after, is_exact=all(isinstance(each, InstanceRef) and each.is_exact for each in values)
            )
        case FunctionRef() | Partial():
            return OneOf(tuple(values))
        case External(name):
            contents = [each.contents for each in values if isinstance(each, External)]
            return first if all(each is None for each in contents) else External(name, Contents(either=tuple(values)))
        case _:
            return first


def held_by(value: Value | None, owner: Function | Class, name: str) -> Value | None:
    """Return a container with the variable or the attribute that holds it, through which it may be changed."""
    if not isinstance(value, External) or value.contents is None:
        return value
    contents = replace(value.contents, variables=(*value.contents.variables, (owner, name)))
    return External(value.name, contents)


def is_declared_only(value: Value) -> bool:
    """Whether a value is known by what an annotation says of it."""
    return (isinstance(value, InstanceRef) and not value.is_exact) or (
        isinstance(value, External) and value.contents is not None and value.contents.declared is not None
    )


def possible(value: Value | None) -> tuple[tuple[Value, ...], bool]:
    """Return the values that something may be, and whether it may be another one."""
    match value:
        case None:
            return (), True
        case OneOf(values, is_open):
            return values, is_open
        case _:
            return (value,), False


class ExpressionEvaluator(Protocol):
    """What answers about expressions, as far as annotations and attributes need it."""

    def unit(self, module: str) -> ModuleFunctions | None:
        """Return a module of the project."""
        ...

    def unit_of(self, source: Source) -> ModuleFunctions:
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

    def function_result(self, called: FunctionRef, depth: int, call: Made | None = None) -> Value | None:
        """Return what calling a function of the project gives."""
        ...

    def origin(self, node: ast.ImportFrom, source: Source) -> str:
        """Return the full name of the module that a ``from`` import names."""
        ...

    def ancestors(self, cls: Class) -> list[Class]:
        """Return the classes of the project that a class is derived from."""
        ...

    def result(self, called: Value, node: ast.Call, function: Function, depth: int = 0) -> Value | None:
        """Return what calling a value gives."""
        ...

    def activated(self, called: FunctionRef, passed: Mapping[str, Passed], *, key: object) -> Function:
        """Return a function as it runs with what is passed."""
        ...

    def activation(self, called: FunctionRef, call: Made | None) -> Function:
        """Return a function as one call of it runs it."""
        ...

    def kind(self, function: Function) -> FunctionKind:
        """Return how the runtime treats a function."""
        ...
