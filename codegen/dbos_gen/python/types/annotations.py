"""Annotations of the source as types of the stub."""

from __future__ import annotations

import ast

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value, dotted
from dbos_gen.syntax.parsing import expression
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.identifiers import quoted
from dbos_gen.vocabulary.type_expressions import ANY, NONE, Reference, TypeRef, joined, subscript

# Generic classes that a strict checker wants with arguments, and how many they take (0: `tuple[Any, ...]`).
_BARE = {
    ("builtins", "list"): 1,
    ("builtins", "set"): 1,
    ("builtins", "frozenset"): 1,
    ("builtins", "type"): 1,
    ("builtins", "dict"): 2,
    ("builtins", "tuple"): 0,
    ("collections", "deque"): 1,
    ("collections", "Counter"): 1,
    ("collections", "OrderedDict"): 2,
    ("collections", "defaultdict"): 2,
    **{
        ("collections.abc", name): count
        for name, count in {
            "Sequence": 1, "MutableSequence": 1, "Iterable": 1, "Iterator": 1, "Collection": 1, "Mapping": 2,
            "MutableMapping": 2, "Awaitable": 1, "AsyncIterator": 1, "AsyncIterable": 1,
        }.items()
    },
}  # fmt: skip


# Names that typing has for what is spelled otherwise today: type checkers know them as the same, and linters object.
_MODERN = {
    **{name: ("builtins", name.lower()) for name in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type")},
    "Deque": ("collections", "deque"),
    "DefaultDict": ("collections", "defaultdict"),
    "OrderedDict": ("collections", "OrderedDict"),
    "Counter": ("collections", "Counter"),
    "AbstractSet": ("collections.abc", "Set"),
    **{
        name: ("collections.abc", name)
        for name in (
            "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "Mapping", "MutableMapping",
            "MutableSet", "Awaitable", "Coroutine", "AsyncIterator", "AsyncIterable", "Callable", "Hashable", "Sized",
        )
    },
}  # fmt: skip


class Annotations:
    """Turns annotation expressions into TypeRefs, reporting names that cannot be found."""

    def __init__(self, resolver: Resolver, diagnostics: Diagnostics) -> None:
        self._resolver = resolver
        self._diagnostics = diagnostics

    def convert(self, node: ast.expr, scope: Scope) -> TypeRef:
        """Return the type an annotation says; Any with a warning where a name cannot be found."""
        match node:
            case ast.Constant():
                return self._constant(node, scope)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                before, after = self.convert(left, scope), self.convert(right, scope)
                return ANY if ANY in (before, after) else TypeRef((*before.parts, " | ", *after.parts))
            case ast.Name() | ast.Attribute():
                return self._named(node, scope)
            case ast.Subscript(value=value, slice=inner):
                return self._subscript(value, inner, scope)
            case ast.Starred(value=value):
                return TypeRef(("*", *self.convert(value, scope).parts))
            case ast.List(elts=elements):
                return self._list(elements, scope)
            case _:
                return self._unknown(node, scope, ast.unparse(node))

    def without_none(self, node: ast.expr, scope: Scope) -> TypeRef:
        """Return the type an annotation says apart from None: what a wait gives when it does not time out."""
        members = [member for member in self._members(node, scope) if not _is_none(member)]
        if not members:
            return NONE
        converted = [self.convert(member, scope) for member in members]
        return ANY if ANY in converted else joined(converted)

    def is_type_variable(self, reference: Reference) -> bool:
        """Whether a name of the project or a bracketed parameter is a type variable."""
        if not reference.module:
            return True
        source = self._resolver.load(reference.module)
        if source is None:
            return False
        scope = Scope(source=source)
        found = self._resolver.lookup(scope, tuple(reference.path.split(".")))
        value = assigned_value(found.node) if found is not None else None
        if not isinstance(value, ast.Call):
            return False
        made_by = self._resolver.resolve(scope, value.func)
        return made_by is not None and made_by.is_typing("TypeVar", "ParamSpec", "TypeVarTuple")

    def _members(self, node: ast.expr, scope: Scope) -> list[ast.expr]:
        match node:
            case ast.Constant(value=str() as text):
                parsed = _parse(text)
                return [node] if parsed is None else self._members(parsed, scope)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*self._members(left, scope), *self._members(right, scope)]
            case ast.Subscript(value=value, slice=inner):
                symbol = self._resolver.resolve(scope, value)
                if symbol is not None and symbol.is_typing("Optional"):
                    return self._members(inner, scope)
                if symbol is not None and symbol.is_typing("Union"):
                    elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                    return [member for element in elements for member in self._members(element, scope)]
                if symbol is not None and symbol.is_typing("Final", "Annotated"):
                    first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
                    return self._members(first, scope)
                return [node]
            case _:
                return [node]

    def _constant(self, node: ast.Constant, scope: Scope) -> TypeRef:
        if isinstance(node.value, str):
            return self._quoted(node, node.value, scope)
        if node.value is None:
            return NONE
        return TypeRef(("...",)) if node.value is ... else self._unknown(node, scope, ast.unparse(node))

    def _quoted(self, node: ast.expr, text: str, scope: Scope) -> TypeRef:
        parsed = _parse(text)
        if parsed is None:
            return self._unknown(node, scope, repr(text))
        return self.convert(ast.copy_location(_at_line(parsed, node.lineno), node), scope)

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope) -> TypeRef:
        symbol = self._symbol(node, scope)
        if symbol is None or symbol.is_local:
            return self._unknown(node, scope, ast.unparse(node))
        if symbol.is_typing("Self") and scope.owner is not None:
            return TypeRef((Reference(scope.source.name, scope.owner_path),))
        reference = _modern(symbol)
        found = TypeRef((reference,))
        count = _BARE.get((reference.module, reference.path))
        if count is None:
            count = self._own_parameters(symbol)
            return subscript(found, *([ANY] * count)) if count else found
        return subscript(found, *([ANY] * count)) if count else subscript(found, ANY, TypeRef(("...",)))

    def _own_parameters(self, symbol: Symbol) -> int:
        """How many type arguments a class of the project wants, as far as its own bases say."""
        if not isinstance(symbol.node, ast.ClassDef) or symbol.source is None:
            return 0
        bracketed: list[object] = getattr(symbol.node, "type_params", [])
        if bracketed:
            return len(bracketed)
        for base in symbol.node.bases:
            if isinstance(base, ast.Subscript):
                head = self._resolver.resolve(Scope(source=symbol.source), base.value)
                if head is not None and head.is_typing("Generic", "Protocol"):
                    return len(base.slice.elts) if isinstance(base.slice, ast.Tuple) else 1
        return 0

    def _symbol(self, node: ast.expr, scope: Scope) -> Symbol | None:
        name = dotted(node)
        return None if name is None else self._resolver.lookup(scope, name)

    def _subscript(self, value: ast.expr, inner: ast.expr, scope: Scope) -> TypeRef:
        symbol = self._symbol(value, scope)
        elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if symbol is None or symbol.is_local:
            return self._unknown(value, scope, ast.unparse(value))
        head = TypeRef((_modern(symbol),))
        if symbol.is_typing("Literal"):
            values = [self._literal(element, scope) for element in elements if not _is_none(element)]
            literal = [subscript(head, *values)] if values else []
            return joined([*literal, *([NONE] if len(values) < len(elements) else [])])
        if symbol.is_typing("Annotated", "Final", "ClassVar", "Required", "NotRequired"):
            return self.convert(elements[0], scope)
        if symbol.is_typing("Optional"):
            inside = self.convert(inner, scope)
            return ANY if inside == ANY else TypeRef((*inside.parts, " | None"))
        if symbol.is_typing("Union"):
            return self._union(elements, scope)
        if isinstance(inner, ast.Tuple) and not inner.elts:
            return subscript(head, TypeRef(("()",)))
        return subscript(head, *(self.convert(element, scope) for element in elements))

    def _union(self, elements: list[ast.expr], scope: Scope) -> TypeRef:
        members = [self.convert(element, scope) for element in elements]
        return ANY if ANY in members else joined(members)

    def _literal(self, node: ast.expr, scope: Scope) -> TypeRef:
        match node:
            case ast.Constant(value=str() as text):
                return TypeRef((quoted(text),))
            case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
                return TypeRef((ast.unparse(node),))
            case _:
                return self.convert(node, scope)

    def _list(self, elements: list[ast.expr], scope: Scope) -> TypeRef:
        parts: list[str | Reference] = ["["]
        for index, element in enumerate(elements):
            parts.extend((", ",) if index else ())
            parts.extend(self.convert(element, scope).parts)
        return TypeRef((*parts, "]"))

    def _unknown(self, node: ast.expr, scope: Scope, text: str) -> TypeRef:
        self._diagnostics.add(
            Code.DG015,
            scope.source.path,
            node.lineno,
            f"the name of type `{text}` cannot be found in {scope.source.name}; it becomes Any",
            "import it by name at the top of the module (also below `if TYPE_CHECKING:`)",
        )
        return ANY


def _modern(symbol: Symbol) -> Reference:
    if symbol.is_typing(*_MODERN):
        return Reference(*_MODERN[symbol.path])
    return Reference(symbol.module, symbol.path)


def _parse(text: str) -> ast.expr | None:
    return expression(f"({text.strip()}\n)")


def _at_line(node: ast.expr, line: int) -> ast.expr:
    for inner in ast.walk(node):
        if isinstance(inner, ast.expr):
            inner.lineno = inner.end_lineno = line
    return node


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
