"""The idioms by which a function makes something once and gives the same each time."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from dbos_gen.python.values.functions import Function

_CACHING = frozenset({"cache", "lru_cache", "cached_property", "alru_cache", "cached"})


def is_cached(function: Function) -> bool:
    """Whether a decorator keeps what a function returns."""
    for decorator in function.decorators:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if _last_name(target) in _CACHING:
            return True
    return False


def is_guarded(name: str, function: Function) -> bool:
    """Whether a function gives the variable or attribute its value once, when it has none yet."""
    return any(_asks_for(test, name) for test in function.body.tested) or any(
        _returns_early(statement, name) or _keeps(statement, name) for statement in statements(function)
    )


def _asks_for(test: ast.expr, name: str) -> bool:
    match test:
        case ast.Compare(left=tested, ops=[ast.Is() | ast.IsNot() | ast.Eq()]):
            return _last_name(tested) == name
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="hasattr"), args=[_, attribute])):
            return isinstance(attribute, ast.Constant) and attribute.value == name
        case ast.UnaryOp(op=ast.Not(), operand=tested):
            return _last_name(tested) == name
        case _:
            return False


def _returns_early(statement: ast.stmt, name: str) -> bool:
    """Whether this is ``if pool: return pool``."""
    match statement:
        case ast.If(test=test, body=[ast.Return(value=ast.expr() as value)]):
            return _last_name(test) == name == _last_name(value)
        case _:
            return False


def _keeps(statement: ast.stmt, name: str) -> bool:
    """Whether this is ``pool = pool or make()``."""
    match statement:
        case ast.Assign(targets=[target], value=ast.BoolOp(op=ast.Or(), values=[first, *_])):
            return _last_name(target) == name == _last_name(first)
        case _:
            return False


def fills_once(container: ast.expr, function: Function) -> bool:
    """Whether a function looks whether a key is there, gives it a value if not, and returns nothing else."""
    name = ast.unparse(container)
    if not _looks_up(name, function):
        return False
    kept = {target for statement in statements(function) for target in _kept_names(statement, name)}
    return all(
        _is_item(value, name) or (isinstance(value, ast.Name) and value.id in kept) for value in _returned(function)
    )


def _looks_up(name: str, function: Function) -> bool:
    for node in _nodes(function):
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[compared]) if ast.unparse(compared) == name:
                return True
            case ast.Call(func=ast.Attribute(value=value, attr="setdefault" | "get")) if ast.unparse(value) == name:
                return True
            case ast.ExceptHandler(type=ast.expr() as caught) if "KeyError" in ast.unparse(caught):
                return True
            case _:
                pass
    return False


def _kept_names(statement: ast.stmt, name: str) -> Iterator[str]:
    """Yield the variables that stand for an item of a container after a statement."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            is_item = _is_item(value, name) or any(_is_item(target, name) for target in targets)
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if is_item:
                yield from names
                if isinstance(value, ast.Name):
                    yield value.id
        case _:
            pass


def _is_item(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Subscript(value=value):
            return ast.unparse(value) == name
        case ast.Call(func=ast.Attribute(value=value, attr="setdefault" | "get")):
            return ast.unparse(value) == name
        case ast.Await(value=value):
            return _is_item(value, name)
        case _:
            return False


def _returned(function: Function) -> Iterable[ast.expr]:
    return [value for value in function.body.returned if not (isinstance(value, ast.Constant) and value.value is None)]


def _nodes(function: Function) -> Iterator[ast.AST]:
    for statement in [] if isinstance(function.node, ast.Lambda) else function.node.body:
        yield from ast.walk(statement)


def statements(function: Function) -> Iterator[ast.stmt]:
    """Yield the statements of a function, without those of functions and classes in it."""
    pending: list[ast.AST] = [] if isinstance(function.node, ast.Lambda) else list(function.node.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.stmt):
            yield node
        pending.extend(
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.NamedExpr(value=value):
            return _last_name(value)
        case _:
            return None
