"""Annotations in source text as described types."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value, dotted
from dbos_gen.rules.storable.classes import Classes
from dbos_gen.rules.storable.described import (
    UNKNOWN,
    AnyOf,
    ClassFacts,
    ClassForm,
    Described,
    Field,
    FixedTuple,
    Marked,
    Named,
)
from dbos_gen.rules.storable.names import public
from dbos_gen.sources.project import Project
from dbos_gen.syntax.bindings import alias_name
from dbos_gen.syntax.parsing import expression

Variables = Mapping[str, Described]
"""Type variables by name, and what they stand for."""

_DEEPEST = 30
_NONE = Named("builtins.None")
_QUALIFIERS = ("Final", "ClassVar", "Required", "NotRequired", "ReadOnly")


class Reader:
    """Reads annotations; what cannot be resolved is unknown."""

    def __init__(self, resolver: Resolver, project: Project) -> None:
        self._resolver = resolver
        self._classes = Classes(resolver, project, self.read)
        self._open: set[tuple[str, str]] = set()

    def read(self, node: ast.expr, scope: Scope, variables: Variables | None = None, depth: int = 0) -> Described:
        """Return the type that an annotation says in a scope."""
        variables = variables or {}
        if depth > _DEEPEST:
            return UNKNOWN
        match node:
            case ast.Constant(value=None):
                return _NONE
            case ast.Constant(value=str() as text):
                parsed = _parsed(text)
                return UNKNOWN if parsed is None else self.read(parsed, scope, variables, depth + 1)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return AnyOf(tuple(self.read(side, scope, variables, depth + 1) for side in (left, right)))
            case ast.Name(id=name) if name in variables:
                return variables[name]
            case ast.Name() | ast.Attribute():
                return self.named(self._resolver.resolve(scope, node), (), scope, depth)
            case ast.Subscript(value=value, slice=inner):
                return self._subscript(self._resolver.resolve(scope, value), inner, scope, variables, depth)
            case _:
                return UNKNOWN

    def class_facts(self, symbol: Symbol, scope: Scope) -> ClassFacts | None:
        """Return what is known of a class of the project."""
        return self._classes.facts(symbol, (), scope)

    def named(self, symbol: Symbol | None, args: tuple[Described, ...], scope: Scope, depth: int = 0) -> Described:
        """Return the type that a name stands for, with type arguments."""
        if symbol is None or not symbol.module or not symbol.path:
            return UNKNOWN
        if symbol.is_runtime:
            return Named(public(f"dbos_typed.{symbol.path}"), args)
        if symbol.source is None:
            return Named(public(f"{symbol.module}.{symbol.path}"), args)
        if isinstance(symbol.node, ast.ClassDef):
            found = symbol
            return Named(f"{symbol.module}.{symbol.path}", args, lambda: self._classes.facts(found, args, scope))
        # An alias may mention itself: `Json = dict[str, "Json"] | list["Json"] | str`.
        key = (symbol.module, symbol.path)
        if key in self._open:
            return UNKNOWN
        self._open.add(key)
        try:
            return self._alias(symbol, args, scope, depth)
        finally:
            self._open.discard(key)

    def _subscript(
        self, head: Symbol | None, inner: ast.expr, scope: Scope, variables: Variables, depth: int
    ) -> Described:
        if head is None:
            return UNKNOWN
        elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if not elements:
            return Named("builtins.tuple")
        if head.is_typing("Literal"):
            return Named("typing.Literal")
        if head.is_typing("Annotated"):
            return Marked(self.read(elements[0], scope, variables, depth + 1))
        if head.is_typing(*_QUALIFIERS):
            return self.read(elements[0], scope, variables, depth + 1)
        args = tuple(self._argument(element, scope, variables, depth) for element in elements)
        if head.is_typing("Optional", "Union"):
            return AnyOf(args)
        described = self.named(head, args, scope, depth)
        if isinstance(described, Named) and described.name == "builtins.tuple":
            return _tuple(elements, args)
        return described

    def _argument(self, node: ast.expr, scope: Scope, variables: Variables, depth: int) -> Described:
        # The parameters of a Callable, `...`, and unpacked arguments are not values.
        if isinstance(node, ast.List | ast.Starred) or (isinstance(node, ast.Constant) and node.value is ...):
            return UNKNOWN
        return self.read(node, scope, variables, depth + 1)

    def _alias(self, symbol: Symbol, args: tuple[Described, ...], scope: Scope, depth: int) -> Described:
        """Read what an assignment or a ``type`` statement gives a name to."""
        source, node = symbol.source, symbol.node
        if source is None or node is None:
            return UNKNOWN
        home = Scope(source=source, locals=scope.locals) if symbol.is_local else Scope(source=source)
        if alias_name(node) is not None:
            value = getattr(node, "value", None)
            names: list[object] = getattr(node, "type_params", [])
            variables = dict(zip((str(getattr(name, "name", "")) for name in names), args, strict=False))
            return self.read(value, home, variables, depth + 1) if isinstance(value, ast.expr) else UNKNOWN
        value = assigned_value(node)
        if isinstance(node, ast.AnnAssign):
            declared = self._resolver.resolve(home, node.annotation)
            if declared is None or not declared.is_typing("TypeAlias"):
                return UNKNOWN
        if value is None:
            return UNKNOWN
        if isinstance(value, ast.Call):
            return self._made(value, symbol, home, depth)
        if isinstance(value, ast.Constant) and not isinstance(node, ast.AnnAssign):
            return UNKNOWN  # a string here is a string, unless it says that it is an alias
        variables = dict(zip(self.free_variables(value, home), args, strict=False))
        return self.read(value, home, variables, depth + 1)

    def _made(self, call: ast.Call, symbol: Symbol, home: Scope, depth: int) -> Described:
        """Read NewType, TypeVar and the functional forms of NamedTuple and TypedDict."""
        maker = self._resolver.resolve(home, call.func)
        if maker is None:
            return UNKNOWN
        if maker.is_typing("NewType", "TypeAliasType") and len(call.args) > 1:
            return self.read(call.args[1], home, {}, depth + 1)
        if maker.is_typing("TypeVar"):
            return self._variable(call, home, depth)
        fields: list[tuple[str, ast.expr]] | None = None
        kind = ClassForm.NAMED_TUPLE
        if maker.is_typing("NamedTuple") and len(call.args) > 1:
            fields = list(_pairs(call.args[1]))
        elif maker.is_typing("TypedDict") and len(call.args) > 1:
            kind, fields = ClassForm.TYPED_DICT, list(_items(call.args[1]))
        elif (maker.module, maker.path) == ("collections", "namedtuple"):
            fields = []
        if fields is None:
            return UNKNOWN
        name = f"{symbol.module}.{symbol.path}"
        facts = ClassFacts(
            name=name,
            kind=kind,
            fields=tuple(Field(name=field, type=self.read(type_, home, {}, depth + 1)) for field, type_ in fields),
            bases=("builtins.tuple",),
            makes_itself=True,
        )
        return Named(name, (), lambda: facts)

    def _variable(self, call: ast.Call, home: Scope, depth: int) -> Described:
        if len(call.args) > 1:
            return AnyOf(tuple(self.read(constraint, home, {}, depth + 1) for constraint in call.args[1:]))
        bound = next((word.value for word in call.keywords if word.arg == "bound"), None)
        # Nobody evaluates a bound that is given as a string.
        return UNKNOWN if bound is None or isinstance(bound, ast.Constant) else self.read(bound, home, {}, depth + 1)

    def free_variables(self, node: ast.expr, scope: Scope) -> list[str]:
        """Return the type variables that an expression mentions, in order."""
        found: dict[str, None] = {}
        for part in _in_order(node):
            if isinstance(part, ast.Name):
                symbol = self._resolver.resolve(scope, part)
                value = assigned_value(symbol.node) if symbol is not None else None
                if isinstance(value, ast.Call):
                    maker = self._resolver.resolve(scope, value.func)
                    if maker is not None and maker.is_typing("TypeVar"):
                        found[part.id] = None
        return list(found)

    def parameters(self, node: ast.AST, scope: Scope) -> dict[str, Described]:
        """Return the bracketed type parameters of a function (``def f[T: Base]``) and what they stand for."""
        found: dict[str, Described] = {}
        declared: list[ast.AST] = getattr(node, "type_params", [])
        for parameter in declared:
            bound = getattr(parameter, "bound", None)
            described: Described = UNKNOWN
            if isinstance(bound, ast.Tuple):
                described = AnyOf(tuple(self.read(element, scope, found) for element in bound.elts))
            elif isinstance(bound, ast.expr):
                described = self.read(bound, scope, found)
            found[str(getattr(parameter, "name", ""))] = described
        return found


def _tuple(elements: list[ast.expr], args: tuple[Described, ...]) -> Described:
    if any(isinstance(element, ast.Starred) or _is_unpacked(element) for element in elements):
        return Named("builtins.tuple")
    last = elements[-1]
    if len(elements) == 2 and isinstance(last, ast.Constant) and last.value is ...:  # noqa: PLR2004  # tuple[T, ...]
        return Named("builtins.tuple", args[:1])
    return FixedTuple(args)


def _is_unpacked(node: ast.expr) -> bool:
    name = dotted(node.value) if isinstance(node, ast.Subscript) else None
    return name is not None and name[-1] == "Unpack"


def _pairs(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    for element in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
        match element:
            case ast.Tuple(elts=[ast.Constant(value=str() as name), annotation]):
                yield name, annotation
            case _:
                pass


def _items(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _in_order(node: ast.AST) -> Iterable[ast.AST]:
    yield node
    for inner in ast.iter_child_nodes(node):
        yield from _in_order(inner)


def _parsed(text: str) -> ast.expr | None:
    return expression(f"({text.strip()}\n)")
