"""Results that annotations call Any, and that the program knows: events read by a key, workflows started by name."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import cast

from mypy.checker import TypeChecker
from mypy.nodes import MypyFile, SymbolTableNode, TypeInfo
from mypy.plugin import MethodSigContext
from mypy.typeops import make_simplified_union
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from dbos_gen.syntax.parsing import expression
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef
from dbos_typed_mypy import fullnames
from dbos_typed_mypy.engine import Engine
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.typeops import coroutine_result, replaced

_TUPLE = "builtins.tuple"


class NarrowingHook:
    """Puts what the program knows in the place of Any."""

    def __init__(self, reporter: Reporter, engine: Engine) -> None:
        self._reporter = reporter
        self._engine = engine
        self._path = ""
        self._known: Mapping[tuple[int, int], TypeRef] = {}

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """The signature with the result that this call has."""
        checker = cast("TypeChecker", ctx.api)
        known = self._of(checker.tree).get((ctx.context.line, ctx.context.column))
        type_ = None if known is None else _Reading(self._reporter.modules, checker, known).type()
        result = None if type_ is None else _narrowed(ctx.default_signature.ret_type, type_)
        return ctx.default_signature if result is None else replaced(ctx.default_signature, ret_type=result)

    def _of(self, tree: MypyFile) -> Mapping[tuple[int, int], TypeRef]:
        if tree.path != self._path:
            found = self._engine.known_types(tree.fullname, tree.path, self._reporter.modules)
            self._path, self._known = tree.path, {(known.line, known.column): known.type for known in found}
        return self._known


def _narrowed(declared: Type, known: Type) -> Type | None:
    """Return the declared type with the known one in the place of Any, where it is the result."""
    proper = get_proper_type(declared)
    if isinstance(proper, AnyType):
        return known
    if isinstance(proper, UnionType) and any(isinstance(get_proper_type(item), AnyType) for item in proper.items):
        return make_simplified_union([_narrowed(item, known) or item for item in proper.items])
    if not isinstance(proper, Instance) or not proper.args:
        return None
    if coroutine_result(proper) is None and not proper.type.fullname.startswith(fullnames.WORKFLOW_HANDLE):
        return None
    last = _narrowed(proper.args[-1], known)
    return None if last is None else Instance(proper.type, [*proper.args[:-1], last], proper.line, proper.column)


class _Reading:
    """Makes mypy's type of one as the source says it; None for what mypy has not read, or what is not simple."""

    def __init__(self, modules: Mapping[str, MypyFile], checker: TypeChecker, known: TypeRef) -> None:
        self._modules = modules
        self._checker = checker
        self._references: dict[str, Reference] = {}
        text = ""
        for part in known.parts:
            if isinstance(part, Reference):
                self._references[f"_{len(self._references)}"] = part
                text += f"_{len(self._references) - 1}"
            else:
                text += part
        self._text = text

    def type(self) -> Type | None:
        parsed = expression(self._text)
        return None if parsed is None else self._read(parsed)

    def _read(self, node: ast.expr) -> Type | None:
        match node:
            case ast.Constant(value=None):
                return NoneType()
            case ast.Name(id=name) if name in self._references:
                return self._class(self._references[name], [])
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._union([left, right])
            case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in self._references:
                return self._subscripted(
                    self._references[name], inner.elts if isinstance(inner, ast.Tuple) else [inner]
                )
            case _:
                return None

    def _union(self, nodes: list[ast.expr]) -> Type | None:
        items = [self._read(node) for node in nodes]
        known = [item for item in items if item is not None]
        return make_simplified_union(known) if len(known) == len(items) else None

    def _subscripted(self, head: Reference, nodes: list[ast.expr]) -> Type | None:
        if head in (Reference("typing", "Optional"), Reference("typing", "Union")):
            found = self._union(nodes)
            if found is None or head.path == "Union":
                return found
            return make_simplified_union([found, NoneType()])
        is_open = len(nodes) > 1 and isinstance(nodes[-1], ast.Constant) and nodes[-1].value is Ellipsis
        items = [self._read(node) for node in (nodes[:-1] if is_open else nodes)]
        known = [item for item in items if item is not None]
        if len(known) != len(items):
            return None
        if f"{head.module}.{head.path}" == _TUPLE and not is_open:
            anything = AnyType(TypeOfAny.special_form)
            return TupleType(known, self._checker.named_generic_type(_TUPLE, [anything]))
        return self._class(head, known)

    def _class(self, reference: Reference, arguments: list[Type]) -> Type | None:
        tree = self._modules.get(reference.module)
        names = None if tree is None else tree.names
        symbol: SymbolTableNode | None = None
        for part in reference.path.split("."):
            symbol = None if names is None else names.get(part)
            info = None if symbol is None else symbol.node
            names = info.names if isinstance(info, TypeInfo) else None
        info = None if symbol is None else symbol.node
        if not isinstance(info, TypeInfo) or len(arguments) not in (0, len(info.type_vars)):
            return None
        if info.typeddict_type is not None or info.tuple_type is not None:
            # These have types of their own, which a bare instance is not.
            return info.typeddict_type or info.tuple_type
        return Instance(info, arguments or [AnyType(TypeOfAny.special_form) for _ in info.type_vars])
