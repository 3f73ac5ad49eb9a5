"""Where the value of a condition comes from: the statements that decide it, as far as the source shows them."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Callable, Iterator

from dbos_gen.program.workflows.called import Construction, Helper, Operation, Recorded
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.python.scopes.resolution import Resolver, Symbol, assigned_value, dotted
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import FunctionNode, branches
from dbos_gen.syntax.body import children
from dbos_gen.syntax.unparsing import written

_MAX_STATEMENTS = 60
_MAX_DEPTH = 12
_KEEPING = frozenset({"append", "appendleft", "add", "extend", "insert", "setdefault", "update", "get", "pop"})
"""Methods of containers."""


class Provenance:
    """Collects, for an expression, the assignments of the variables and the constants and helpers that it uses.

    A helper counts with everything that it uses in turn: the constants that it reads, the helpers that it calls.
    """

    def __init__(self, resolver: Resolver, callees: Callees, neutral: Callable[[ast.AST], str]) -> None:
        """`neutral` gives the text of syntax that is the same for every layout and every version of Python."""
        self._neutral = neutral
        self._resolver = resolver
        self._callees = callees
        self._statements: dict[FunctionNode, dict[str, list[tuple[ast.stmt, ast.expr | None]]]] = {}
        self._digests: dict[ast.AST, str] = {}
        self._expressions: dict[tuple[str, ...], ast.expr] = {}

    def of(self, node: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """Return the statements in the order of the source, without those whose value is recorded."""
        found: dict[str, None] = {}
        pending: list[tuple[ast.expr, FunctionScope]] = [(node, scope)]
        seen: set[tuple[str, bool, int]] = set()
        while pending and len(found) < _MAX_STATEMENTS:
            expression, place = pending.pop(0)
            found.update(dict.fromkeys(self._methods(expression, place)))
            for name, is_run in _names(expression):
                key = (".".join(name), is_run, id(place.node))
                if key in seen:
                    continue
                seen.add(key)
                for statement, value in self._bindings(name, place):
                    if statement.startswith("def ") and not is_run:
                        # Which function it is says the name, what it does is told where it is called.
                        continue
                    found[statement] = None
                    if value is not None:
                        pending.append(value)
        return tuple(found)

    def local(self, name: str, scope: FunctionScope) -> list[tuple[ast.stmt, ast.expr | None]]:
        """Return the simple statements that bind or change a local variable, in order, each with its value."""
        if scope.node not in self._statements:
            self._statements[scope.node] = _local(scope.node)
        return self._statements[scope.node].get(name, [])

    def digest(self, node: ast.AST, scope: FunctionScope, depth: int = 0) -> str:
        """Return a digest of a function or a class and of everything in the project that it uses."""
        known = self._digests.get(node)
        if known is not None or depth > _MAX_DEPTH:
            return known or ""
        # A function that calls itself counts by its text there.
        own = self._digests[node] = self._text(node)
        used = {f"{name}:{text}" for name, text in self._used(node, scope, depth + 1)}
        made = hashlib.sha256("\n".join([own, *sorted(used)]).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        self._digests[node] = made if used else own
        return self._digests[node]

    def _text(self, node: ast.AST) -> str:
        text = self._neutral(_without_methods(node) if isinstance(node, ast.ClassDef) else node)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def _used(self, node: ast.AST, scope: FunctionScope, depth: int) -> Iterator[tuple[str, str]]:
        """Yield the constants, functions and classes of the project that a body mentions, each with what it is."""
        for name, is_run in _names(node):
            yield from self._thing(self._expression(name), scope, depth, is_run=is_run)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                for helper in self._helpers(inner, scope):
                    yield helper.scope.node.name, self.digest(helper.scope.node, helper.scope, depth)

    def _thing(self, node: ast.expr, scope: FunctionScope, depth: int, *, is_run: bool) -> Iterator[tuple[str, str]]:
        symbol = self._resolver.resolve(scope.body, node)
        if symbol is None or symbol.source is None or symbol.is_local or symbol.node is None:
            return
        value = assigned_value(symbol.node)
        outside = self._callees.module(symbol.source)
        if value is not None:
            yield symbol.path, f"{self._neutral(value)} {self.digest(value, outside, depth)}"
        elif (
            is_run
            and isinstance(symbol.node, FunctionNode | ast.ClassDef)
            and not self._is_recorded_function(symbol, node, scope)
        ):
            yield symbol.path, self.digest(symbol.node, outside, depth)

    def _is_recorded_function(self, symbol: Symbol, node: ast.expr, scope: FunctionScope) -> bool:
        if not isinstance(symbol.node, FunctionNode) or not symbol.node.decorator_list:
            return False
        return isinstance(self._callees.resolve(node, scope), Recorded | Operation)

    def _methods(self, node: ast.expr, scope: FunctionScope) -> Iterator[str]:
        """Yield the methods that an expression calls on values whose class is known."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                for helper in self._helpers(inner, scope):
                    path = f"{helper.scope.annotations.owner_path}.{helper.scope.node.name}".lstrip(".")
                    yield f"def {path}: {self.digest(helper.scope.node, helper.scope)}"

    def _helpers(self, call: ast.Call, scope: FunctionScope) -> Iterator[Helper]:
        for _, callee in self._callees.ways(call.func, scope).callees:
            if isinstance(callee, Helper):
                yield callee
            elif isinstance(callee, Construction):
                yield from callee.helpers

    def _expression(self, name: tuple[str, ...]) -> ast.expr:
        """Return a dotted name as an expression, the same one each time, so that what it stands for is found once."""
        found = self._expressions.get(name)
        if found is None:
            found = ast.Name(id=name[0])
            for part in name[1:]:
                found = ast.Attribute(value=found, attr=part)
            self._expressions[name] = found
        return found

    def _bindings(
        self, name: tuple[str, ...], scope: FunctionScope
    ) -> Iterator[tuple[str, tuple[ast.expr, FunctionScope] | None]]:
        local = self.local(name[0], scope)
        for statement, value in local:
            # A recorded value is the same again, whatever its arguments are now.
            if value is None or not self._is_recorded(value, scope):
                yield written(statement), None if value is None else (value, scope)
        if local:
            return
        expression = self._expression(name)
        if isinstance(self._callees.resolve(expression, scope), Recorded | Operation):
            return
        symbol = self._resolver.resolve(scope.body, expression)
        if symbol is not None and symbol.source is not None:
            yield from self._outside(symbol)

    def _outside(self, symbol: Symbol) -> Iterator[tuple[str, tuple[ast.expr, FunctionScope] | None]]:
        value = assigned_value(symbol.node)
        if symbol.source is None:
            return
        place = self._callees.module(symbol.source)
        if value is not None:
            yield f"{symbol.path} = {written(value)}", (value, place)
        elif isinstance(symbol.node, FunctionNode) and not symbol.is_local:
            yield f"def {symbol.path}: {self.digest(symbol.node, place)}", None
        elif isinstance(symbol.node, ast.ClassDef) and not symbol.is_local:
            yield f"class {symbol.path}: {self.digest(symbol.node, place)}", None

    def _is_recorded(self, value: ast.expr, scope: FunctionScope) -> bool:
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call):
            return False
        return isinstance(self._callees.resolve(call.func, scope), Recorded | Operation)


def runs_nothing(call: ast.Call) -> bool:
    """Whether a call runs none of the functions that it is given: it puts them away, or binds arguments to them."""
    name = dotted(call.func)
    last = call.func.attr if isinstance(call.func, ast.Attribute) else "" if name is None else name[-1]
    return last in ("partial", "partialmethod") or (isinstance(call.func, ast.Attribute) and last in _KEEPING)


def _names(node: ast.AST) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the dotted names of an expression, the longest form of each, and whether it is a part of a call."""
    pending: list[tuple[ast.AST, bool]] = [(node, False)]
    while pending:
        current, is_run = pending.pop(0)
        name = dotted(current) if isinstance(current, ast.Name | ast.Attribute) else None
        if name is not None:
            yield name, is_run
        else:
            runs = isinstance(current, ast.Call | ast.keyword | ast.Starred)
            if isinstance(current, ast.Call) and runs_nothing(current):
                runs = False
            pending.extend((inner, runs) for inner in children(current))


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


def _without_methods(node: ast.ClassDef) -> ast.ClassDef:
    """Return a class without what its methods do, which counts where they are called."""
    body = [each for each in node.body if not isinstance(each, FunctionNode)] or [ast.Pass()]
    bare = copy.copy(node)
    bare.body = body
    return bare
