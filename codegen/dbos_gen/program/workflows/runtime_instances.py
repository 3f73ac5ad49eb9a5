"""Of which class of the runtime a value is an instance: a queue, a datasource, a debouncer."""

from __future__ import annotations

import ast
from dataclasses import replace

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import FunctionScope, Inference, module_function
from dbos_gen.vocabulary.runtimes import ANYWHERE, ASYNC_SUFFIX, VOCABULARIES, Meaning, Vocabulary
from dbos_gen.vocabulary.type_expressions import Reference, without_none

_OF_INSTANCES = [
    name.split(".")
    for vocabulary in VOCABULARIES.values()
    for name in (*vocabulary.calls, *vocabulary.decorators)
    if not name.startswith("DBOS.")
]
_METHODS = frozenset(method for _, method in _OF_INSTANCES)


def vocabulary_of(symbol: Symbol) -> Vocabulary | None:
    """Return the vocabulary of the runtime that something belongs to."""
    return VOCABULARIES.get(symbol.module.partition(".")[0])


class Instances:
    """Recognises methods of the runtime's instances."""

    def __init__(self, resolver: Resolver, annotations: Annotations) -> None:
        self._resolver = resolver
        self._inference = Inference(resolver, annotations)

    def meaning(self, func: ast.Attribute, scope: FunctionScope) -> Meaning | None:
        """Return what a call of a method of an instance means."""
        plain = func.attr.removesuffix(ASYNC_SUFFIX)
        if plain not in _METHODS:
            return None
        found = self._class_of(func.value, scope)
        if found is not None:
            vocabulary, owner = found
            return vocabulary.calls.get(f"{owner}.{plain}")
        return ANYWHERE.get(plain)

    def decorated(self, func: ast.expr, scope: Scope) -> str | None:
        """Return what a decorator makes of a function: a workflow, a step, a transaction, or None for any other."""
        symbol = self._resolver.resolve(scope, func)
        vocabulary = None if symbol is None else vocabulary_of(symbol)
        if symbol is not None and vocabulary is not None:
            return vocabulary.decorators.get(vocabulary.known(symbol.path))
        if not isinstance(func, ast.Attribute) or func.attr not in _METHODS:
            return None
        found = self._class_of(func.value, replace(module_function(scope.source), body=scope, annotations=scope))
        return None if found is None else found[0].decorators.get(f"{found[1]}.{func.attr}")

    def _class_of(self, node: ast.expr, scope: FunctionScope) -> tuple[Vocabulary, str] | None:
        symbol = self._resolver.resolve(scope.body, node)
        value = node if symbol is None else assigned_value(symbol.node)
        value = value.value if isinstance(value, ast.Await) else value
        if isinstance(value, ast.Call):
            place = scope.body if symbol is None else symbol.value_scope(scope.body)
            made_by = self._resolver.resolve(place, value.func)
            found = None if made_by is None else _class(made_by.module, made_by.path)
            if found is not None:
                return found
        kind = self._inference.infer(node, scope)
        given = None if kind is None else without_none(kind)
        match given.parts if given is not None else ():
            case (Reference(module, path),):
                return _class(module, path)
            case _:
                return None


def _class(module: str, path: str) -> tuple[Vocabulary, str] | None:
    vocabulary = VOCABULARIES.get(module.partition(".")[0])
    owner = None if vocabulary is None else vocabulary.makers.get(path.removesuffix(ASYNC_SUFFIX))
    return None if vocabulary is None or owner is None else (vocabulary, owner)
