"""Loops over sets in which recorded calls are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.rules.body import Bound
from dbos_gen.rules.functions import Function
from dbos_gen.rules.program import Program
from dbos_gen.rules.values import External

_KEEPING_ORDER = frozenset(
    {"builtins.list", "builtins.tuple", "builtins.iter", "builtins.enumerate", "builtins.reversed", "builtins.map",
     "builtins.filter", "builtins.zip"}
)  # fmt: skip
_SET = External("builtins.set()")
_POP = External("builtins.set().pop")
_MAX_DEPTH = 8


def unordered_loops(program: Program, function: Function) -> Iterator[ast.expr]:
    """Yield what is iterated over by loops that make recorded calls in the order of a set."""
    for loop in function.body.loops:
        iterated = [loop.iter] if isinstance(loop, ast.For | ast.AsyncFor) else [each.iter for each in loop.generators]
        for node in iterated:
            if is_unordered(program, node, function) and _records(program, loop, function):
                yield node


def popped_elements(program: Program, function: Function) -> Iterator[ast.Call]:
    """Yield where an element of a set is taken, whichever comes first, to make a recorded call."""
    recorded: set[int] | None = None
    for use in program.calls.of(function).uses:
        if use.value == _POP and isinstance(use.node, ast.Call):
            if recorded is None:
                recorded = {
                    id(inner)
                    for other in program.calls.of(function).uses
                    if program.is_recorded_use(other)
                    for inner in ast.walk(other.node)
                }
            if id(use.node) in recorded:
                yield use.node


def is_unordered(program: Program, node: ast.expr, function: Function, depth: int = 0) -> bool:
    """Whether iterating over an expression follows the order of a set."""
    if depth > _MAX_DEPTH:
        return False
    if program.value(node, function) == _SET:
        return True
    if isinstance(node, ast.Name):
        bindings = function.body.bindings.get(node.id, [])
        if len(bindings) == 1 and bindings[0].how is Bound.ASSIGNED and bindings[0].value is not None:
            is_parameter = any(parameter.arg == node.id for parameter in function.parameters)
            return not is_parameter and is_unordered(program, bindings[0].value, function, depth + 1)
    if isinstance(node, ast.Call):
        called = program.value(node.func, function)
        if isinstance(called, External) and called.name in _KEEPING_ORDER:
            return any(is_unordered(program, argument, function, depth + 1) for argument in node.args)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return is_unordered(program, node.generators[0].iter, function, depth + 1)
    return False


def _records(program: Program, loop: ast.AST, function: Function) -> bool:
    inside = {id(node) for node in ast.walk(loop)}
    doing = program.calls.of(function)
    if any(id(use.node) in inside and program.is_recorded_use(use) for use in doing.uses):
        return True
    return any(id(edge.node) in inside and program.makes_recorded_calls(edge.target) for edge in doing.edges)
