"""Classes with their type parameters and their bases, as far as the project defines them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import branches, collect
from dbos_gen.vocabulary.type_expressions import ANY, Reference, TypeRef

_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassPlace:
    """A class: its definition, the module, and its qualified name there."""

    node: ast.ClassDef
    source: Source
    path: str

    @property
    def scope(self) -> Scope:
        """Return where the annotations of its members are looked up."""
        names = {name: f"_{self.path.replace('.', '_')}_{name}" for name in _bracketed(self.node)}
        return Scope(source=self.source, owner=self.node, owner_path=self.path, type_parameters=names)

    @property
    def bound_names(self) -> set[str]:
        """Return the names that its own body binds."""
        body = collect(self.node.body, module=self.source.name, is_package=self.source.is_package)
        return set(body.names)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ancestor:
    """A base of a class, direct or not, and what the class puts in the place of its type parameters."""

    place: ClassPlace
    arguments: Mapping[Reference, TypeRef]


class Inheritance:
    """Answers questions about the classes of one project."""

    def __init__(self, resolver: Resolver, annotations: Annotations) -> None:
        self._resolver = resolver
        self._annotations = annotations

    def parameters(self, place: ClassPlace) -> tuple[Reference, ...]:
        """Return the type parameters of a class in the order in which it takes arguments."""
        scope = place.scope
        bracketed = _bracketed(place.node)
        if bracketed:
            return tuple(Reference("", scope.type_parameters[name]) for name in bracketed)
        found: dict[Reference, None] = {}
        for base in place.node.bases:
            if not isinstance(base, ast.Subscript):
                continue
            head = self._resolver.resolve(scope, base.value)
            named = [reference for argument in self._arguments(base, scope) for reference in argument.references]
            variables = [reference for reference in named if self._annotations.is_type_variable(reference)]
            if head is not None and head.is_typing("Generic"):
                return tuple(variables)
            found.update(dict.fromkeys(variables))
        return tuple(found)

    def ancestors(self, place: ClassPlace) -> list[Ancestor]:
        """Return the bases of a class, the one whose members win first."""
        found: dict[ast.ClassDef, Ancestor] = {}
        for ancestor in self._bases(place, {}, 0):
            # Of a base that is reached in several ways the last place counts: it stands behind all that derive from it.
            found.pop(ancestor.place.node, None)
            found[ancestor.place.node] = ancestor
        return list(found.values())

    def _bases(self, place: ClassPlace, known: Mapping[Reference, TypeRef], depth: int) -> Iterator[Ancestor]:
        if depth > _MAX_DEPTH:
            return
        scope = Scope(source=place.source, type_parameters=place.scope.type_parameters)
        for base in place.node.bases:
            symbol = self._resolver.resolve(scope, base.value if isinstance(base, ast.Subscript) else base)
            if symbol is None or symbol.source is None or symbol.is_local or not isinstance(symbol.node, ast.ClassDef):
                continue
            inner = ClassPlace(node=symbol.node, source=symbol.source, path=symbol.path)
            given = self._arguments(base, scope) if isinstance(base, ast.Subscript) else []
            parameters = self.parameters(inner)
            padded = [*given, *([ANY] * len(parameters))]
            arguments = {name: kind.with_names(known) for name, kind in zip(parameters, padded, strict=False)}
            yield Ancestor(place=inner, arguments=arguments)
            yield from self._bases(inner, arguments, depth + 1)

    def _arguments(self, base: ast.Subscript, scope: Scope) -> list[TypeRef]:
        elements = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
        return [self._annotations.convert(element, scope) for element in elements]


def class_places(source: Source) -> Iterator[ClassPlace]:
    """Yield the classes of a module that are not inside functions."""
    pending: list[tuple[ast.stmt, str]] = [(statement, "") for statement in reversed(source.tree.body)]
    while pending:
        node, owner = pending.pop()
        if isinstance(node, ast.ClassDef):
            place = ClassPlace(node=node, source=source, path=f"{owner}.{node.name}".lstrip("."))
            yield place
            pending.extend((inner, place.path) for inner in reversed(node.body))
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            pending.extend((inner, owner) for branch in reversed(branches(node)) for inner in reversed(branch))


def _bracketed(node: ast.ClassDef) -> list[str]:
    declared: list[ast.AST] = getattr(node, "type_params", [])
    return [str(getattr(parameter, "name", "")) for parameter in declared]
