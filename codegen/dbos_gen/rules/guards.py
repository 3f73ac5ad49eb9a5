"""The parts of a function that one call of it does not run, as its arguments tell: `now = now or clock()`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dbos_gen.rules.body import Comprehension, children
from dbos_gen.rules.functions import Function
from dbos_gen.scan.bindings import FunctionNode

_Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a source text."""

    start: _Position
    end: _Position

    def holds(self, node: ast.expr | ast.stmt) -> bool:
        """Whether a node begins in it."""
        return self.start <= (node.lineno, node.col_offset) < self.end


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a value: whether it is None, and whether it counts as true; None where that is open.

    ``constant`` is the type and the value of a constant.
    """

    is_none: bool | None
    is_true: bool | None
    constant: tuple[type, object] | None = None


Facts = frozenset[tuple[str, Fact]]
"""What is known of names when a function is called."""
NOTHING: Facts = frozenset()


@dataclass(slots=True)
class Run:
    """What one call of a function does not run, and what is known of names where it calls others."""

    unreached: tuple[Region, ...] = ()
    known: dict[int, dict[str, Fact]] = field(default_factory=dict[int, dict[str, Fact]])
    """By the id of the node of a call."""

    def skips(self, node: ast.expr | ast.stmt) -> bool:
        """Whether a node is not run."""
        return any(region.holds(node) for region in self.unreached)


def run(function: Function, at_call: Facts) -> Run:
    """Go through a body with what is known of its names when it is called."""
    if isinstance(function.node, ast.Module):
        return Run()
    walk = _Walk(dict(at_call), _rebound_elsewhere(function))
    try:
        if isinstance(function.node, ast.Lambda):
            walk.expression(function.node.body)
        else:
            walk.block(function.node.body)
    except RecursionError:  # an expression of some thousand operators
        return Run()
    return Run(tuple(walk.unreached), walk.known)


@lru_cache(maxsize=4096)
def _rebound_elsewhere(function: Function) -> frozenset[str]:
    """Return the names that functions inside of this one bind as well, and those of the module."""
    found = {name for node in ast.walk(function.node) if isinstance(node, ast.Nonlocal) for name in node.names}
    return frozenset(found | function.body.global_names | function.body.nonlocal_names)


@lru_cache(maxsize=4096)
def tested_names(function: Function) -> frozenset[str]:
    """Return the names of which a condition in the body asks."""
    if isinstance(function.node, ast.Module):
        return frozenset()
    body: Sequence[ast.AST] = [function.node.body] if isinstance(function.node, ast.Lambda) else function.node.body
    found: set[str] = set()
    pending: list[ast.AST] = [*body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If | ast.IfExp):
            found.update(_names(node.test))
        elif isinstance(node, ast.BoolOp):
            found.update(_names(node))
        pending.extend(children(node))
    return frozenset(found)


def given(function: Function, call: ast.Call, *, is_bound: bool) -> dict[str, ast.expr] | None:
    """Return the argument of each parameter that a call gives one to; None where ``*`` or ``**`` hide them."""
    if any(isinstance(argument, ast.Starred) for argument in call.args) or any(w.arg is None for w in call.keywords):
        return None
    positional = function.positional
    receivers = 1 if is_bound and positional else 0
    return {
        **{parameter.arg: value for parameter, value in zip(positional[receivers:], call.args, strict=False)},
        **{word.arg: word.value for word in call.keywords if word.arg is not None},
    }


def facts(
    function: Function,
    arguments: dict[str, ast.expr],
    wanted: Collection[str],
    known: Mapping[str, Fact],
    *,
    is_bound: bool,
) -> Facts:
    """Return what arguments tell of the wanted parameters, where ``known`` holds of the names of the caller.

    An argument of which nothing is known is taken to be no None.
    """
    node = function.node
    if isinstance(node, ast.Module):
        return NOTHING
    positional = function.positional
    receivers = 1 if is_bound and positional else 0
    defaults = _defaults(node.args)
    found: set[tuple[str, Fact]] = set()
    for parameter in (*positional[receivers:], *node.args.kwonlyargs):
        name = parameter.arg
        if name not in wanted:
            continue
        value, default = arguments.get(name), defaults.get(name)
        if value is None:
            if isinstance(default, ast.Constant):
                found.add((name, _constant(default)))
            continue
        fact = _fact(value, known)
        if fact is None:
            is_optional = _is_none(default) or _may_be_none(parameter.annotation)
            fact = Fact(is_none=False, is_true=True if is_optional else None)
        found.add((name, fact))
    return frozenset(found)


def _fact(node: ast.expr, known: Mapping[str, Fact]) -> Fact | None:
    match node:
        case ast.Constant():
            return _constant(node)
        case ast.Name(id=name):
            return known.get(name)
        case ast.UnaryOp(op=ast.Not()) | ast.Compare():
            truth = _Walk(dict(known)).truth(node)
            return None if truth is None else Fact(is_none=False, is_true=truth, constant=(bool, truth))
        case _:
            return None


def _names(node: ast.AST) -> Iterator[str]:
    return (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    positional = [*arguments.posonlyargs, *arguments.args]
    found = {
        parameter.arg: default
        for parameter, default in zip(reversed(positional), reversed(arguments.defaults), strict=False)
    }
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            found[parameter.arg] = default
    return found


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_be_none(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return "None" in annotation.value or "Optional" in annotation.value
    return any(
        _is_none(node) or (isinstance(node, ast.Name) and node.id == "Optional") for node in ast.walk(annotation)
    )


def _constant(node: ast.Constant) -> Fact:
    return Fact(is_none=node.value is None, is_true=bool(node.value), constant=(type(node.value), node.value))


class _Walk:
    """Goes through a body in the order of its execution and collects what cannot be reached."""

    def __init__(self, facts: dict[str, Fact], elsewhere: frozenset[str] = frozenset()) -> None:
        self._facts = facts
        self._elsewhere = elsewhere
        self.unreached: list[Region] = []
        self.known: dict[int, dict[str, Fact]] = {}

    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Go through statements; return whether they always leave the function."""
        for index, statement in enumerate(statements):
            if self._statement(statement):
                self._skip(statements[index + 1 :])
                return True
        return False

    def expression(self, node: ast.AST) -> None:
        """Go through an expression, or any other node with expressions in it."""
        match node:
            case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return
            case ast.BoolOp(op=operator, values=values):
                decisive = isinstance(operator, ast.Or)
                for index, value in enumerate(values):
                    self.expression(value)
                    if self.truth(value) is decisive:
                        self._skip(values[index + 1 :])
                        return
            case ast.IfExp():
                self._choice(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node)
            case _:
                if isinstance(node, ast.Call) and self._facts:
                    self.known[id(node)] = dict(self._facts)
                for inner in children(node):
                    self.expression(inner)

    def _choice(self, node: ast.IfExp) -> None:
        self.expression(node.test)
        truth = self.truth(node.test)
        for branch, is_run in ((node.body, truth is not False), (node.orelse, truth is not True)):
            if is_run:
                self.expression(branch)
            else:
                self._skip([branch])

    def _comprehension(self, node: Comprehension) -> None:
        before = dict(self._facts)
        self._forget(node.generators)
        for inner in children(node):
            self.expression(inner)
        self._facts = before

    def _statement(self, node: ast.stmt) -> bool:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self.expression(test)
                self._forget([test])
                return self._branches(test, body, orelse)
            case ast.Return() | ast.Raise():
                self.expression(node)
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._forget([node])
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                self.expression(node)
                self._assign(node, name, value)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr():
                self.expression(node)
                self._forget([node])
            case _:
                # Loops and handlers may run before and after each other.
                self._forget([node])
                for inner in children(node):
                    self._inner(inner)
                    self._forget([node])
        return False

    def _assign(self, node: ast.stmt, name: str, value: ast.expr | None) -> None:
        fact = None if value is None else _fact(value, self._facts)
        self._forget([node])
        if fact is not None and name not in self._elsewhere:
            self._facts[name] = fact

    def _inner(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self._statement(node)
        elif isinstance(node, ast.ExceptHandler | ast.match_case):
            for inner in children(node):
                self._inner(inner)
        else:
            self.expression(node)

    def _branches(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> bool:
        truth = self.truth(test)
        if truth is not None:
            self._skip(orelse if truth else body)
            return self.block(body if truth else orelse)
        before = dict(self._facts)
        leaves = self.block(body)
        after = self._facts
        self._facts = before
        leaves_else = bool(orelse) and self.block(orelse)
        if not leaves:
            self._facts = {name: fact for name, fact in self._facts.items() if after.get(name) == fact}
        return leaves and leaves_else

    def truth(self, node: ast.expr) -> bool | None:
        """Return whether a condition holds; None where that is open."""
        match node:
            case ast.Constant(value=value):
                return bool(value)
            case ast.Name(id=name):
                fact = self._facts.get(name)
                return None if fact is None else fact.is_true
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                truth = self.truth(operand)
                return None if truth is None else not truth
            case ast.BoolOp(op=operator, values=values):
                decisive = isinstance(operator, ast.Or)
                truths = [self.truth(value) for value in values]
                return decisive if decisive in truths else None if None in truths else not decisive
            case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[ast.Constant() as other]):
                return self._compared(self._facts.get(name), operator, other)
            case _:
                return None

    def _compared(self, fact: Fact | None, operator: ast.cmpop, other: ast.Constant) -> bool | None:
        if fact is None:
            return None
        if other.value is None:
            same = fact.is_none
        elif fact.constant is not None and isinstance(operator, ast.Eq | ast.NotEq):
            same = fact.constant[1] == other.value
        else:
            same = None
        if same is None:
            return None
        if isinstance(operator, ast.Is | ast.Eq):
            return same
        return not same if isinstance(operator, ast.IsNot | ast.NotEq) else None

    def _forget(self, nodes: Iterable[ast.AST]) -> None:
        """Drop what was known of names that are bound here."""
        for node in nodes:
            if isinstance(node, FunctionNode | ast.ClassDef):
                self._facts.pop(node.name, None)
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
                    self._facts.pop(inner.id, None)

    def _skip(self, nodes: Sequence[ast.expr] | Sequence[ast.stmt]) -> None:
        if nodes:
            first, last = nodes[0], nodes[-1]
            end = (last.end_lineno or last.lineno, last.end_col_offset or last.col_offset)
            self.unreached.append(Region((first.lineno, first.col_offset), end))
