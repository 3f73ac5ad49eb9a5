"""The parts of a function that one call of it does not run, as its arguments tell: `now = now or clock()`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dbos_gen.python.values.argument_facts import Fact, Facts, fact_of, matches, truth
from dbos_gen.python.values.functions import Function
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import ComprehensionNode, children

_Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a source text."""

    start: _Position
    end: _Position

    def holds(self, node: ast.expr | ast.stmt) -> bool:
        """Whether a node begins in it."""
        return self.start <= (node.lineno, node.col_offset) < self.end


@dataclass(slots=True)
class SpecializedRun:
    """What one call of a function does not run, and what is known of names where it calls others."""

    unreached: tuple[Region, ...] = ()
    known: dict[int, dict[str, Fact]] = field(default_factory=dict[int, dict[str, Fact]])
    """By the id of the node of a call."""

    def skips(self, node: ast.expr | ast.stmt) -> bool:
        """Whether a node is not run."""
        return any(region.holds(node) for region in self.unreached)


def run(function: Function, at_call: Facts) -> SpecializedRun:
    """Go through a body with what is known of its names when it is called."""
    if isinstance(function.node, ast.Module):
        return SpecializedRun()
    walk = _SpecializingWalk(dict(at_call), _rebound_elsewhere(function))
    try:
        if isinstance(function.node, ast.Lambda):
            walk.expression(function.node.body)
        else:
            walk.block(function.node.body)
    except RecursionError:  # an expression of some thousand operators
        return SpecializedRun()
    return SpecializedRun(tuple(walk.unreached), walk.known)


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
        match node:
            case (
                ast.If(test=asked)
                | ast.IfExp(test=asked)
                | ast.Match(subject=asked)
                | ast.match_case(guard=ast.expr() as asked)
                | (ast.BoolOp() as asked)
            ):
                found.update(inner.id for inner in ast.walk(asked) if isinstance(inner, ast.Name))
            case _:
                pass
        pending.extend(children(node))
    return frozenset(found)


class _SpecializingWalk:
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
                    if truth(value, self._facts) is decisive:
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
        holds = truth(node.test, self._facts)
        for branch, is_run in ((node.body, holds is not False), (node.orelse, holds is not True)):
            if is_run:
                self.expression(branch)
            else:
                self._skip([branch])

    def _comprehension(self, node: ComprehensionNode) -> None:
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
            case ast.Match():
                self._match(node)
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
        fact = None if value is None else fact_of(value, self._facts)
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
        holds = truth(test, self._facts)
        if holds is not None:
            self._skip(orelse if holds else body)
            return self.block(body if holds else orelse)
        before = dict(self._facts)
        leaves = self.block(body)
        after = self._facts
        self._facts = before
        leaves_else = bool(orelse) and self.block(orelse)
        if not leaves:
            self._facts = {name: fact for name, fact in self._facts.items() if after.get(name) == fact}
        return leaves and leaves_else

    def _match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        fact = fact_of(node.subject, self._facts)
        self._forget([node])
        is_decided = False
        for each in node.cases:
            is_matched = False if is_decided else matches(each.pattern, fact)
            if is_matched is False:
                self._skip(each.body if each.guard is None else [each.guard, *each.body])
                continue
            if each.guard is not None:
                self.expression(each.guard)
            holds = each.guard is None or truth(each.guard, self._facts)
            if holds is False:
                self._skip(each.body)
            else:
                self.block(each.body)
                self._forget([node])
            is_decided = is_matched is True and holds is True

    def _forget(self, nodes: Iterable[ast.AST]) -> None:
        """Drop what was known of names that are bound here."""
        for node in nodes:
            for inner in [node] if isinstance(node, FunctionNode | ast.ClassDef) else ast.walk(node):
                name = _bound_name(inner)
                if name is not None:
                    self._facts.pop(name, None)

    def _skip(self, nodes: Sequence[ast.expr | ast.stmt]) -> None:
        if nodes:
            first, last = nodes[0], nodes[-1]
            end = (last.end_lineno or last.lineno, last.end_col_offset or last.col_offset)
            self.unreached.append(Region((first.lineno, first.col_offset), end))


def _bound_name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return name
        case (
            ast.ExceptHandler(name=name)
            | ast.MatchAs(name=name)
            | ast.MatchStar(name=name)
            | ast.MatchMapping(rest=name)
            | ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            return name
        case ast.alias(name=name, asname=as_name):
            return as_name or name.partition(".")[0]
        case _:
            return None
