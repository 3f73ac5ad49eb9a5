"""What the classes of the project store: fields, members of enums, aliases."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.syntax.unparsing import written
from dbos_gen.vocabulary.contracts import Shape, ShapeKind
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef

_MAX_DEPTH = 12
_MODULES_OF_ENUMS = ("enum",)
_NOT_FIELDS = ("ClassVar", "InitVar")


def type_text(kind: TypeRef) -> str:
    """Return a type with the full dotted names of everything but builtins."""
    return "".join(part if isinstance(part, str) else _name(part) for part in kind.parts)


def _name(reference: Reference) -> str:
    if reference.module in ("", "builtins"):
        return reference.path
    return f"{reference.module}.{reference.path}".rstrip(".")


class Shapes:
    """Reads shapes. Nothing is remembered: each module has to ask for all that its shapes depend on."""

    def __init__(self, resolver: Resolver, annotations: Annotations) -> None:
        self._resolver = resolver
        self._annotations = annotations

    def closure(self, references: Iterable[Reference]) -> dict[str, Shape]:
        """Return the shapes of the project's classes among ``references`` and of those that they mention."""
        return {_name(reference): shape for reference, shape in self._closure(references) if shape is not None}

    def references(self, references: Iterable[Reference]) -> list[Reference]:
        """Return ``references`` and what the project's classes among them mention."""
        return [reference for reference, _ in self._closure(references)]

    def _closure(self, references: Iterable[Reference]) -> Iterator[tuple[Reference, Shape | None]]:
        pending = list(references)
        seen: set[Reference] = set()
        while pending:
            reference = pending.pop()
            if reference in seen or not reference.module:
                continue
            seen.add(reference)
            shape, mentioned = self._shape(reference)
            yield reference, shape
            pending.extend(mentioned)

    def _shape(self, reference: Reference) -> tuple[Shape | None, tuple[Reference, ...]]:
        symbol = self._symbol(reference)
        return (None, ()) if symbol is None else self._read_symbol(symbol)

    def _symbol(self, reference: Reference) -> Symbol | None:
        source = self._resolver.load(reference.module) if reference.path else None
        return None if source is None else self._resolver.lookup(Scope(source=source), tuple(reference.path.split(".")))

    def _read_symbol(self, symbol: Symbol) -> tuple[Shape | None, tuple[Reference, ...]]:
        if symbol.source is None:
            return None, ()
        if isinstance(symbol.node, ast.ClassDef):
            if self._is_enum(symbol.node, Scope(source=symbol.source)):
                return _members(symbol.node), ()
            return self._fields(symbol.node, symbol)
        value = assigned_value(symbol.node)
        if value is None or isinstance(value, ast.Call):
            return None, ()
        alias = self._annotations.convert(value, Scope(source=symbol.source))
        return Shape(kind=ShapeKind.ALIAS, entries={"is": type_text(alias)}), alias.references

    def _fields(self, node: ast.ClassDef, symbol: Symbol) -> tuple[Shape | None, tuple[Reference, ...]]:
        entries: dict[str, str] = {}
        optional: set[str] = set()
        mentioned: list[Reference] = []
        for statement, scope in self._declarations(node, symbol, 0):
            if not isinstance(statement.target, ast.Name) or self._is_no_field(statement.annotation, scope):
                continue
            name = statement.target.id
            kind = self._annotations.convert(statement.annotation, scope)
            entries[name] = type_text(kind)
            mentioned.extend(kind.references)
            (optional.add if statement.value is not None and _is_default(statement.value) else optional.discard)(name)
        if not entries:
            return None, ()
        return Shape(kind=ShapeKind.FIELDS, entries=entries, optional=frozenset(optional)), tuple(mentioned)

    def _declarations(self, node: ast.ClassDef, symbol: Symbol, depth: int) -> Iterator[tuple[ast.AnnAssign, Scope]]:
        """Yield the annotated names of a class and, before them, of its bases."""
        if symbol.source is None or depth > _MAX_DEPTH:
            return
        outer = Scope(source=symbol.source)
        for base in node.bases:
            found = self._resolver.resolve(outer, base)
            if found is not None and isinstance(found.node, ast.ClassDef):
                yield from self._declarations(found.node, found, depth + 1)
        scope = Scope(source=symbol.source, owner=node, owner_path=symbol.path)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign):
                yield statement, scope

    def _is_no_field(self, annotation: ast.expr, scope: Scope) -> bool:
        head = annotation.value if isinstance(annotation, ast.Subscript) else annotation
        symbol = self._resolver.resolve(scope, head)
        return symbol is not None and symbol.path in _NOT_FIELDS

    def _is_enum(self, node: ast.ClassDef, scope: Scope, depth: int = 0) -> bool:
        for base in node.bases:
            found = self._resolver.resolve(scope, base)
            if found is not None and found.module in _MODULES_OF_ENUMS:
                return True
            if found is None or not isinstance(found.node, ast.ClassDef) or found.source is None:
                continue
            if depth < _MAX_DEPTH and self._is_enum(found.node, Scope(source=found.source), depth + 1):
                return True
        return False


def _members(node: ast.ClassDef) -> Shape:
    entries: dict[str, str] = {}
    for statement in node.body:
        value = assigned_value(statement)
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and value is not None:
            entries[statement.targets[0].id] = written(value)
    return Shape(kind=ShapeKind.MEMBERS, entries=entries)


def _is_default(value: ast.expr) -> bool:
    """Whether what stands after ``=`` gives the field a default: ``field(repr=False)`` does not."""
    if not isinstance(value, ast.Call):
        return True
    name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    if name not in ("field", "Field", "ib", "attrib"):
        return True
    words = {word.arg for word in value.keywords}
    has_positional = name == "Field" and bool(value.args) and not _is_ellipsis(value.args[0])
    return has_positional or bool(words & {"default", "default_factory", "factory"})


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
