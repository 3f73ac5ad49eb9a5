"""Where the classes are that records name: stored classes, and exceptions that are raised or caught."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import children
from dbos_gen.vocabulary.type_expressions import Reference

ClassNamer: TypeAlias = "Callable[[Symbol], str]"
"""Gives the name under which records name a class."""


def defined_at(symbol: Symbol) -> str:
    """Return the name of a class where it is defined."""
    return f"{symbol.module}:{symbol.path}"


class Places:
    """Finds the classes of the project that records may name."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def is_importable(self, place: str) -> bool:
        """Whether the sources have a class under this name, defined there or re-exported; also when it is not ours."""
        module, _, path = place.partition(":")
        source = self._resolver.load(module)
        if source is None:
            return False
        found = self._resolver.canonical(self._resolver.lookup(Scope(source=source), tuple(path.split("."))))
        return found is not None and (found.source is None or isinstance(found.node, ast.ClassDef))

    def mentioned(self, references: Iterable[Reference]) -> set[str]:
        """Return the classes of the project among the names of types."""
        found: set[str] = set()
        for reference in references:
            source = self._resolver.load(reference.module) if reference.module and reference.path else None
            if source is not None:
                name = tuple(reference.path.split("."))
                found |= _class(self._resolver.canonical(self._resolver.lookup(Scope(source=source), name)))
        return found

    def caught(self, node: ast.expr, scope: FunctionScope) -> set[str]:
        """Return the classes of the project that a handler is for."""
        kinds = node.elts if isinstance(node, ast.Tuple) else [node]
        return {place for kind in kinds for place in _class(self._resolver.resolve(scope.body, kind))}

    def raised(self, node: FunctionNode, scope: Scope) -> set[str]:
        """Return the classes of the project that a function raises itself."""
        found: set[str] = set()
        for statement in _raises(node):
            head = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            if head is not None:
                found |= _class(self._resolver.resolve(scope, head))
        return found


def _raises(node: ast.AST) -> Iterator[ast.Raise]:
    pending = list(children(node))
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.Raise):
            yield inner
        if isinstance(inner, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(
            inner, FunctionNode | ast.ClassDef
        ):
            pending.extend(children(inner))


def _class(symbol: Symbol | None) -> set[str]:
    if symbol is None or symbol.is_local or symbol.is_runtime or not isinstance(symbol.node, ast.ClassDef):
        return set()
    return {defined_at(symbol)}
