"""Where the value of a condition comes from: the statements that decide it, as far as the source shows them."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterator

from dbos_gen.scan.bindings import FunctionNode, branches
from dbos_gen.scan.callees import Callees, Operation, Recorded
from dbos_gen.scan.inference import FunctionScope
from dbos_gen.scan.scope import Resolver, Symbol, assigned_value, dotted
from dbos_gen.scan.written import written

_MAX_STATEMENTS = 40


class Provenance:
    """Collects, for an expression, the assignments of the variables and the constants and helpers that it uses."""

    def __init__(self, resolver: Resolver, callees: Callees) -> None:
        self._resolver = resolver
        self._callees = callees
        self._statements: dict[FunctionNode, dict[str, list[tuple[ast.stmt, ast.expr | None]]]] = {}

    def of(self, node: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """Return the statements in the order of the source, without those whose value is recorded."""
        found: dict[str, None] = {}
        pending: list[ast.expr] = [node]
        seen: set[str] = set()
        while pending and len(found) < _MAX_STATEMENTS:
            for name in _names(pending.pop(0)):
                text = ".".join(name)
                if text in seen:
                    continue
                seen.add(text)
                for statement, value in self._bindings(name, scope):
                    found[statement] = None
                    if value is not None:
                        pending.append(value)
        return tuple(found)

    def local(self, name: str, scope: FunctionScope) -> list[tuple[ast.stmt, ast.expr | None]]:
        """Return the simple statements that bind or change a local variable, in order, each with its value."""
        if scope.node not in self._statements:
            self._statements[scope.node] = _local(scope.node)
        return self._statements[scope.node].get(name, [])

    def _bindings(self, name: tuple[str, ...], scope: FunctionScope) -> Iterator[tuple[str, ast.expr | None]]:
        local = self.local(name[0], scope)
        for statement, value in local:
            # A recorded value is the same again, whatever its arguments are now.
            if value is None or not self._is_recorded(value, scope):
                yield written(statement), value
        if local:
            return
        expression = _expression(name)
        if isinstance(self._callees.resolve(expression, scope), Recorded | Operation):
            return
        symbol = self._resolver.resolve(scope.body, expression)
        if symbol is not None and symbol.source is not None:
            yield from self._outside(symbol)

    def _outside(self, symbol: Symbol) -> Iterator[tuple[str, ast.expr | None]]:
        value = assigned_value(symbol.node)
        if value is not None:
            yield f"{symbol.path} = {written(value)}", None
        elif isinstance(symbol.node, FunctionNode) and not symbol.is_local:
            yield f"def {symbol.path}: {_digest(symbol.node)}", None

    def _is_recorded(self, value: ast.expr, scope: FunctionScope) -> bool:
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call):
            return False
        return isinstance(self._callees.resolve(call.func, scope), Recorded | Operation)


def _names(node: ast.expr) -> Iterator[tuple[str, ...]]:
    """Yield the dotted names of an expression, the longest form of each."""
    pending: list[ast.AST] = [node]
    while pending:
        current = pending.pop(0)
        name = dotted(current) if isinstance(current, ast.Name | ast.Attribute) else None
        if name is not None:
            yield name
        else:
            pending.extend(ast.iter_child_nodes(current))


def _local(function: FunctionNode) -> dict[str, list[tuple[ast.stmt, ast.expr | None]]]:
    """Return the simple statements of a function that bind or change each of its variables, in order."""
    found: dict[str, list[tuple[ast.stmt, ast.expr | None]]] = {}
    bound = {argument.arg for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    pending: list[ast.stmt] = list(function.body)
    while pending:
        node = pending.pop(0)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.Assign(targets=targets, value=value):
                changed: list[ast.expr] = targets
                entry: tuple[ast.stmt, ast.expr | None] = (node, value)
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                changed, entry = [target], (node, value)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                head = ast.Expr(ast.Compare(left=target, ops=[ast.In()], comparators=[value]))
                changed, entry = [target], (head, value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as receiver))):
                found.setdefault(receiver.id, []).append((node, None))
                continue
            case _:
                changed, entry = [], (node, None)
        for name in dict.fromkeys(
            part.id for target in changed for part in ast.walk(target) if isinstance(part, ast.Name)
        ):
            found.setdefault(name, []).append(entry)
            bound.add(name)
        pending[:0] = [inner for branch in branches(node) for inner in branch]
    # `items.append(x)` changes a variable, `shop.pay()` nothing of a module.
    return {name: entries for name, entries in found.items() if name in bound}


def _expression(name: tuple[str, ...]) -> ast.expr:
    node: ast.expr = ast.Name(id=name[0])
    for part in name[1:]:
        node = ast.Attribute(value=node, attr=part)
    return node


def _digest(function: FunctionNode) -> str:
    """Return a digest of a function without its docstring, comments and layout."""
    bare = copy.deepcopy(function)
    if ast.get_docstring(bare) is not None:
        bare.body = bare.body[1:] or [ast.Pass()]
    return hashlib.sha256(written(bare).encode("utf-8", "surrogatepass")).hexdigest()[:12]
