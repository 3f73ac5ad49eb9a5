"""What decorators make of functions: those of the runtime, and those of the project."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.names import ExpressionReader, is_none
from dbos_gen.python.values.values import (
    ClassRef,
    External,
    FunctionRef,
    InstanceRef,
    Made,
    Partial,
    Passed,
    Runtime,
    Value,
    identity,
    joined,
)
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project

_MAX_DECORATORS = 2
KINDS = {
    "DBOS.workflow": FunctionKind.WORKFLOW,
    "DBOS.step": FunctionKind.STEP,
    "DBOS.transaction": FunctionKind.TRANSACTION,
}


class Decoration:
    """Answers what a function is once its decorators have been applied."""

    def __init__(self, project: Project, reader: ExpressionReader) -> None:
        self._reader = reader
        self._kinds: Memory[Function, FunctionKind] = Memory(project)
        self._applied: set[object] = set()

    def applied(self, called: FunctionRef, depth: int = 0) -> Value:
        """Return what decorators of the project make of a function, the function itself where they are not followed."""
        decorators = called.function.decorators
        if called.is_undecorated or not decorators or called.function in self._applied:
            return called
        self._applied.add(called.function)
        try:
            return self._decorated(called, decorators, depth)
        finally:
            self._applied.discard(called.function)

    def _decorated(self, called: FunctionRef, decorators: list[ast.expr], depth: int) -> Value:
        value, is_followed = self._decorated_by(called, decorators, depth)
        return value if is_followed else called

    def inside(self, called: FunctionRef) -> Value | None:
        """Return what decorators of the project that stand below the runtime's make of a function."""
        decorators = called.function.decorators
        kinds = [self.decorator_kind(decorator, called.function) for decorator in decorators]
        border = next((index for index, kind in enumerate(kinds) if kind is not None), None)
        if border is None or not decorators[border + 1 :]:
            return None
        value, is_followed = self._decorated_by(called, decorators[border + 1 :], 0)
        return value if is_followed else None

    def wrapped(self, called: FunctionRef) -> Function | None:
        """Return the function whose name ``functools.wraps`` gives to another."""
        for decorator in called.function.decorators:
            if isinstance(decorator, ast.Call) and decorator.args:
                place = called.around or called.function.outer or called.function
                made = self._reader.evaluate(decorator.func, place)
                if isinstance(made, External) and made.name == "functools.wraps":
                    value = self._reader.evaluate(decorator.args[0], place)
                    return value.function if isinstance(value, FunctionRef) else None
        return None

    def _decorated_by(self, called: FunctionRef, decorators: list[ast.expr], depth: int) -> tuple[Value, bool]:
        value: Value = replace(called, is_undecorated=True, kind=FunctionKind.PLAIN)
        is_followed = False
        for decorator in reversed(decorators):
            made = self.decorator_value(decorator, called.function)
            place = called.function.outer or called.function
            if isinstance(made, Runtime):
                kind = KINDS.get(made.name.removesuffix("()"))
                if kind is not None and isinstance(value, FunctionRef):
                    value = replace(value, kind=kind, decorated=Made(decorator, place))
                continue
            if not isinstance(made, FunctionRef | ClassRef):
                continue
            if isinstance(decorator, ast.Call):
                given = self._reader.result(made, decorator, place, depth)
                if given is None:
                    continue
                made = given
            wrapped = self._wrapped(made, value, depth)
            if wrapped is not None:
                value, is_followed = wrapped, True
        return value, is_followed

    def _wrapped(self, decorator: Value, value: Value, depth: int) -> Value | None:
        """Return what a decorator gives for a function."""
        if isinstance(decorator, ClassRef):
            return InstanceRef(decorator.cls, is_exact=True, given=(value,))
        if not isinstance(decorator, FunctionRef) or decorator.function.is_generator:
            return None
        positional = decorator.function.positional[1:] if decorator.is_bound else decorator.function.positional
        if not positional:
            return None
        passed = {positional[0].arg: Passed(value=value)}
        inside = self._reader.activated(decorator, passed, key=("decorates", identity(value)))
        returned = [each for each in decorator.function.body.returned if not is_none(each)]
        found = joined(self._reader.evaluate(each, inside, depth) for each in returned)
        return found if isinstance(found, FunctionRef | Partial | InstanceRef) else None

    def kind(self, function: Function) -> FunctionKind:
        """Return how the runtime treats a function, through decorators of the project that apply the runtime's."""
        if function.is_module:
            return FunctionKind.MODULE
        if not function.decorators:
            return FunctionKind.PLAIN
        return self._kinds.get(function, lambda: self._kind(function), lambda: FunctionKind.PLAIN)

    def _kind(self, function: Function) -> FunctionKind:
        for decorator in function.decorators:
            kind = self.decorator_kind(decorator, function)
            if kind is not None:
                return kind
        return FunctionKind.PLAIN

    def decorator_kind(self, decorator: ast.expr, function: Function) -> FunctionKind | None:
        """Return what a decorator makes of the function; None when it is not one of the runtime's."""
        value = self.decorator_value(decorator, function)
        if isinstance(value, Runtime):
            return KINDS.get(value.name.removesuffix("()"))
        if isinstance(value, FunctionRef):
            return self._made_by(value.function, 0)
        return None

    def decorator_value(self, decorator: ast.expr, function: Function) -> Value | None:
        """Return the decorator: the called function of ``@decorate(...)``."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        outer = function.outer or function
        if function.owner is not None and isinstance(target, ast.Name) and target.id in function.owner.body.bindings:
            return self._reader.members.get(function.owner, target.id)
        return self._reader.evaluate(target, outer)

    def _made_by(self, decorator: Function, depth: int) -> FunctionKind | None:
        """Return the kind that a decorator of the project gives, by calling the runtime's decorator in its body."""
        if depth > _MAX_DECORATORS:
            return None
        found: set[FunctionKind] = set()
        for inner in (decorator, *(each for functions in decorator.nested.values() for each in functions)):
            if any(self.kind(each).is_recorded for each in _nested_of(inner)):
                found.update(self.kind(each) for each in _nested_of(inner))
            for call in inner.body.calls:
                value = self._reader.evaluate(call.func, inner)
                if isinstance(value, Runtime):
                    kind = KINDS.get(value.name.removesuffix("()"))
                    if kind is not None:
                        found.add(kind)
        found.discard(FunctionKind.PLAIN)
        return found.pop() if len(found) == 1 else None


def _nested_of(function: Function) -> Iterable[Function]:
    return [each for functions in function.nested.values() for each in functions]
