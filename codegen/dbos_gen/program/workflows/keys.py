"""Keys of events and topics: constants, enum members and declared ``Event[T]`` / ``Topic[T]`` objects."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol, assigned_value
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef

_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key or topic known from the source; ``type`` and ``declared`` come from an ``Event[T]`` or ``Topic[T]``."""

    name: str
    type: TypeRef | None = None
    declared: Reference | None = None


class Keys:
    """Resolves the expressions that stand for keys."""

    def __init__(self, resolver: Resolver, annotations: Annotations) -> None:
        self._resolver = resolver
        self._annotations = annotations

    def resolve(self, node: ast.expr, scope: Scope, depth: int = 0) -> tuple[Key, ...]:
        """Return every key the expression may stand for; none when it is not a constant."""
        if depth > _MAX_DEPTH:
            return ()
        match node:
            case ast.Constant(value=str() as name):
                return (Key(name=name),)
            case ast.IfExp(body=body, orelse=orelse):
                first, second = self.resolve(body, scope, depth + 1), self.resolve(orelse, scope, depth + 1)
                return (*first, *second) if first and second else ()
            case ast.Attribute(value=value, attr="value"):
                return self.resolve(value, scope, depth + 1)
            case ast.Call(func=func, args=[value]) if self._is_str(func, scope):
                return self.resolve(value, scope, depth + 1)
            case ast.Call():
                key = self._declared(node, scope, None, None)
                return () if key is None else (key,)
            case ast.Name() | ast.Attribute():
                return self._constant(self._resolver.resolve(scope, node), depth + 1)
            case _:
                return self._text(node, scope, depth)

    def _text(self, node: ast.expr, scope: Scope, depth: int) -> tuple[Key, ...]:
        """Return the key that strings put together make."""
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined((left, right), scope, depth)
            case ast.JoinedStr(values=values):
                return self._joined(values, scope, depth)
            case ast.FormattedValue(value=ast.Name() | ast.Attribute(attr="value") as value, conversion=-1):
                # A member of an enum would show as its name.
                return self.resolve(value, scope, depth + 1) if node.format_spec is None else ()
            case _:
                return ()

    def _joined(self, parts: Sequence[ast.expr], scope: Scope, depth: int) -> tuple[Key, ...]:
        """Return the one key that strings joined together make."""
        found = [self.resolve(part, scope, depth + 1) for part in parts]
        if any(len(keys) != 1 or keys[0].type is not None or keys[0].declared is not None for keys in found):
            return ()
        return (Key(name="".join(keys[0].name for keys in found)),)

    def _is_str(self, func: ast.expr, scope: Scope) -> bool:
        symbol = self._resolver.resolve(scope, func)
        return symbol is not None and (symbol.module, symbol.path) == ("builtins", "str")

    def _constant(self, symbol: Symbol | None, depth: int) -> tuple[Key, ...]:
        value = None if symbol is None else assigned_value(symbol.node)
        if symbol is None or value is None or symbol.source is None:
            return ()
        module = Scope(source=symbol.source)
        if isinstance(value, ast.Call):
            annotation = symbol.node.annotation if isinstance(symbol.node, ast.AnnAssign) else None
            reference = None if symbol.is_local else Reference(symbol.module, symbol.path)
            key = self._declared(value, module, annotation, reference)
            return () if key is None else (key,)
        return self.resolve(value, module, depth)

    def _declared(
        self, call: ast.Call, scope: Scope, annotation: ast.expr | None, reference: Reference | None
    ) -> Key | None:
        """Read ``Event[int]("progress")``, or ``Event("progress")`` annotated as ``Event[int]``."""
        name = next(iter(call.args), None) or next((word.value for word in call.keywords if word.arg == "name"), None)
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            return None
        for candidate in (call.func, annotation):
            if isinstance(candidate, ast.Subscript):
                head = self._resolver.resolve(scope, candidate.value)
                if head is not None and head.is_dbos("Event", "Topic", "Stream"):
                    return Key(
                        name=name.value, type=self._annotations.convert(candidate.slice, scope), declared=reference
                    )
        head = self._resolver.resolve(scope, call.func)
        return (
            Key(name=name.value, declared=reference)
            if head is not None and head.is_dbos("Event", "Topic", "Stream")
            else None
        )
