"""Functions that are looked up: whether what a registry, a variable or a helper gives may be a workflow."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from dbos_gen.program.program import Program
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.values import FunctionRef, Value
from dbos_gen.sources.project import Source
from dbos_gen.syntax.body import Binding, BindingForm

_FILLING = frozenset({"update", "append", "setdefault", "add", "extend"})
_DISPLAYS = (ast.Dict, ast.List, ast.Tuple, ast.Set)
_MAX_DEPTH = 12
IsNone = Callable[[Value | None], bool]
"""Whether a value is surely no workflow."""


class Registries:
    """Follows expressions to the functions that they may stand for."""

    def __init__(self, program: Program, is_none: IsNone) -> None:
        self._program = program
        self._is_none = is_none

    def may_give_a_workflow(self, source: Source, line: int, column: int) -> bool:
        """Whether the expression at a place looks up what may be a workflow; line and column as in syntax trees."""
        unit = self._program.evaluator.unit_of(source)
        for function in (unit.module, *unit.functions):
            for call in function.body.calls:
                for node in (*call.args, *(word.value for word in call.keywords)):
                    if (node.lineno, node.col_offset) == (line, column):
                        return self._may(node, function, 0)
        return False

    def _may(self, node: ast.expr, function: Function, depth: int) -> bool:
        """Whether an expression may stand for a workflow."""
        value = self._program.value(node, function)
        if isinstance(value, FunctionRef) or self._is_none(value):
            return not self._is_none(value)
        if depth > _MAX_DEPTH:
            return False
        return self._may_in_parts(node, function, depth + 1)

    def _may_in_parts(self, node: ast.expr, function: Function, depth: int) -> bool:
        match node:
            case ast.Name(id=name):
                return self._name(name, function, depth)
            case (
                ast.Subscript(value=container)
                | ast.Call(func=ast.Attribute(value=container, attr="get" | "pop" | "setdefault"))
            ):
                return self._items(container, function, depth)
            case ast.Call(func=func):
                return self._returned(func, function, depth)
            case ast.IfExp(body=first, orelse=second):
                return self._may(first, function, depth) or self._may(second, function, depth)
            case ast.BoolOp(values=values):
                return any(self._may(each, function, depth) for each in values)
            case ast.NamedExpr(value=inner) | ast.Await(value=inner):
                return self._may(inner, function, depth)
            case _:
                return isinstance(node, ast.Attribute)

    def _name(self, name: str, function: Function, depth: int) -> bool:
        place, bindings = self._bindings(name, function)
        if any(parameter.arg == name for parameter in place.parameters):
            return False
        return any(self._bound(binding, place, depth) for binding in bindings)

    def _bindings(self, name: str, function: Function) -> tuple[Function, list[Binding]]:
        scope = function
        while scope.outer is not None and (name not in scope.own_names):
            scope = scope.outer
        return scope, scope.body.bindings.get(name, [])

    def _bound(self, binding: Binding, place: Function, depth: int) -> bool:
        match binding:
            case Binding(how=BindingForm.ASSIGNED, value=ast.expr() as value):
                return self._may(value, place, depth)
            case Binding(how=BindingForm.ITERATED, value=ast.expr() as value):
                return self._items(value, place, depth)
            case Binding(how=BindingForm.OTHER | BindingForm.IMPORTED | BindingForm.ENTERED):
                return True
            case _:
                return False

    def _items(self, node: ast.expr, function: Function, depth: int) -> bool:
        """Whether an item of a container may be a workflow."""
        if depth > _MAX_DEPTH:
            return True
        match node:
            case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values):
                # One that is empty is filled elsewhere.
                return not values or any(self._item(each, function, depth + 1) for each in values)
            case ast.Call(func=ast.Attribute(value=container, attr="values" | "items" | "get" | "copy")):
                return self._items(container, function, depth + 1)
            case ast.Name(id=name):
                place, bindings = self._bindings(name, function)
                return self._of_container(name, place, bindings, depth)
            case _:
                return True

    def _item(self, node: ast.expr, function: Function, depth: int) -> bool:
        # What is in a tuple or in another registry is looked up there again.
        return True if isinstance(node, _DISPLAYS) else self._may(node, function, depth)

    def _of_container(self, name: str, place: Function, bindings: list[Binding], depth: int) -> bool:
        values = [binding.value for binding in bindings if binding.how is BindingForm.ASSIGNED]
        if not values or len(values) < len(bindings) or _is_filled(name, place):
            return True
        return any(value is None or self._items(value, place, depth + 1) for value in values)

    def _returned(self, func: ast.expr, function: Function, depth: int) -> bool:
        called = self._program.value(func, function)
        if not isinstance(called, FunctionRef) or called.function.source is not function.source:
            # Whoever asks looks again when this module changes, and not when others do.
            return True
        returned = called.function.body.returned
        return not returned or any(self._may(value, called.function, depth) for value in returned)


def _is_filled(name: str, place: Function) -> bool:
    """Whether anything but its display says what is in a container: ``FLOWS["a"] = flow`` or ``FLOWS.update(...)``."""
    functions = [place, *(each for each in place.unit.functions if place.is_module)]
    return any(isinstance(each, ast.Name) and each.id == name for function in functions for each in _filled(function))


def _filled(function: Function) -> Iterator[ast.expr]:
    for subscript in function.body.subscripts:
        if not isinstance(subscript.ctx, ast.Load):
            yield subscript.value
    for call in function.body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _FILLING:
            yield call.func.value
