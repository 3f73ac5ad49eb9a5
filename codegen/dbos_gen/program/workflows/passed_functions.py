"""Functions and options that are passed to an operation which runs a function as a step."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dbos_gen.program.workflows.called import Helper, Recorded
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.keys import Keys
from dbos_gen.python.scopes.resolution import Resolver, Scope, assigned_value, dotted
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import FunctionNode


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedFunction:
    """A passed function by the name that it is recorded under; ``node`` is known for what the project defines."""

    name: str
    node: FunctionNode | None = None
    scope: Scope | None = None


class PassedFunctions:
    """Tells what is passed."""

    def __init__(self, resolver: Resolver, callees: Callees, keys: Keys) -> None:
        self._resolver = resolver
        self._callees = callees
        self._keys = keys

    def function(self, node: ast.expr, scope: FunctionScope) -> PassedFunction:
        """Return the function that an argument stands for, with its qualified name."""
        node, scope = scope.passed(node)
        around = f"{_qualname(scope)}.<locals>"
        match node, self._callees.resolve(node, scope):
            case ast.Lambda(), _:
                return PassedFunction(name=f"{around}.<lambda>")
            case _, Recorded(node=function, scope=place):
                return PassedFunction(
                    name=f"{place.owner_path}.{function.name}".lstrip("."), node=function, scope=place
                )
            case _, Helper(scope=found):
                name = f"{around}.{found.node.name}" if found.outer is not None else _qualname(found)
                return PassedFunction(name=name, node=found.node, scope=found.annotations)
            case _:
                written = dotted(node)
                return PassedFunction(name=ast.unparse(node) if written is None else written[-1])

    def option(self, node: ast.expr, key: str, scope: FunctionScope) -> str | None:
        """Return the text of one of the options that a dict, or a call that makes one, holds under a key."""
        node, scope = scope.passed(node)
        place = scope.body
        if isinstance(node, ast.Name | ast.Attribute):
            symbol = self._resolver.resolve(place, node)
            value = None if symbol is None else assigned_value(symbol.node)
            if symbol is None or value is None:
                return None
            place = symbol.value_scope(place)
            node = value
        given: ast.expr | None = None
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                given = next(
                    (value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key), None
                )
            case ast.Call(keywords=words):
                given = next((word.value for word in words if word.arg == key), None)
            case _:
                pass
        found = () if given is None else self._keys.resolve(given, place)
        return " or ".join(dict.fromkeys(each.name for each in found)) or None


def _qualname(scope: FunctionScope) -> str:
    return f"{scope.annotations.owner_path}.{scope.node.name}".lstrip(".")
