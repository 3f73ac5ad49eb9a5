"""Whether a variable has been compared with None on every way to where it is used."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dbos_gen.syntax.bindings import branches

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def is_not_none(use: ast.Name, body: Sequence[ast.stmt]) -> bool:
    """Whether a variable cannot be None where it is used in the body of a function; False when that is not certain."""
    path = _path(use, body)
    for block, index in reversed(path):
        holder = block[index]
        if any(inner is use for branch in _where_given(holder, use.id) for each in branch for inner in ast.walk(each)):
            return True
        if any(_binds(each, use.id) for each in ast.walk(holder)):
            # In a loop, what comes later comes before, and what else a statement binds is not followed.
            return False
        for earlier in reversed(block[:index]):
            if _leaves_none(earlier, use.id):
                return True
            if any(_binds(each, use.id) for each in ast.walk(earlier)):
                return False
    return False


def _path(use: ast.Name, body: Sequence[ast.stmt]) -> list[tuple[Sequence[ast.stmt], int]]:
    """Return the blocks around a use with the statement of each that holds it, the outermost first."""
    for index, statement in enumerate(body):
        if any(inner is use for inner in ast.walk(statement)):
            inside = [part for branch in branches(statement) for part in _path(use, branch)]
            return [(body, index), *inside]
    return []


def _where_given(statement: ast.stmt, name: str) -> list[list[ast.stmt]]:
    """Return the blocks of a statement that run only while a variable is not None, up to where they bind it."""
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            found = [body] if _says(test, name, given=True) else [orelse] if _says(test, name, given=False) else []
        case ast.While(test=test, body=body) if _says(test, name, given=True):
            found = [body]
        case _:
            found = []
    return [_before_binding(block, name) for block in found]


def _before_binding(block: list[ast.stmt], name: str) -> list[ast.stmt]:
    for index, statement in enumerate(block):
        if any(_binds(each, name) for each in ast.walk(statement)):
            return block[:index]
    return block


def _leaves_none(statement: ast.stmt, name: str) -> bool:
    """Whether what follows a statement is not reached with a variable that is None."""
    match statement:
        case ast.If(test=test, body=[*_, last], orelse=[]):
            return isinstance(last, _LEAVING) and _says(test, name, given=False)
        case ast.Assert(test=test):
            return _says(test, name, given=True)
        case _:
            return False


def _says(test: ast.expr, name: str, *, given: bool) -> bool:
    """Whether a condition is false for every None (``given``), or true for every None."""
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=None)]):
            return isinstance(op, ast.IsNot if given else ast.Is) and _names(left, name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _says(operand, name, given=not given)
        case ast.BoolOp(op=op, values=values):
            return isinstance(op, ast.And if given else ast.Or) and any(
                _says(each, name, given=given) for each in values
            )
        case _:
            return given and _names(test, name)


def _names(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.NamedExpr(target=ast.Name(id=found)):
            return found == name
        case _:
            return False


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found, ctx=ast.Store() | ast.Del()):
            return found == name
        case (
            ast.ExceptHandler(name=str() as found)
            | ast.MatchAs(name=str() as found)
            | ast.MatchStar(name=str() as found)
        ):
            return found == name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name in names
        case _:
            return False
