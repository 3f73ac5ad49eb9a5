"""What annotations say: the class of a parameter, a variable or a result, and of the items of an iterable."""

from __future__ import annotations

import ast

from dbos_gen.python.values.functions import Class, Function
from dbos_gen.python.values.values import (
    ClassRef,
    Contents,
    ExpressionEvaluator,
    External,
    FunctionRef,
    InstanceRef,
    Made,
    Runtime,
    Value,
)
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.parsing import expression
from dbos_gen.vocabulary import libraries

_MAX_DEPTH = 24
_WRAPPERS_OF_TYPES = frozenset({"Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})
_TYPING = ("typing.", "typing_extensions.")


class Declared:
    """Reads annotations."""

    def __init__(self, expressions: ExpressionEvaluator) -> None:
        self._expressions = expressions

    def instance(
        self, node: ast.expr, function: Function, depth: int = 0, *, owner: Class | None = None
    ) -> Value | None:
        """Return an instance of what an annotation says, without None; None for unions and what is not known."""
        if depth > _MAX_DEPTH:
            return None
        depth += 1
        match node:
            case ast.Constant(value=str() as text):
                parsed = _parsed(text)
                return None if parsed is None else self.instance(parsed, function, depth, owner=owner)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                members = [member for member in (left, right) if not _is_none(member)]
                return self.instance(members[0], function, depth, owner=owner) if len(members) == 1 else None
            case ast.Subscript(value=value, slice=inner):
                return self._generic(value, inner, function, depth, owner)
            case ast.Name() | ast.Attribute():
                return self._of_class(self._expressions.evaluate(node, function, depth), owner)
            case _:
                return None

    def _generic(
        self, value: ast.expr, inner: ast.expr, function: Function, depth: int, owner: Class | None
    ) -> Value | None:
        head = self._expressions.evaluate(value, function, depth)
        first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
        if isinstance(head, External):
            plain = head.name.rpartition(".")[2]
            if head.name.startswith(_TYPING):
                if plain in _WRAPPERS_OF_TYPES:
                    return self.instance(first, function, depth, owner=owner)
                if plain in ("Union", "Literal", "Callable"):
                    return None
            if plain == "Callable":
                return None
            if head.name in ("builtins.type", "typing.Type"):
                made = self.instance(first, function, depth, owner=owner)
                return ClassRef(made.cls, is_exact=False) if isinstance(made, InstanceRef) else None
        found = self._of_class(head, owner)
        if isinstance(found, External) and found.name.startswith(("builtins.", "collections.")) and head is not None:
            return External(found.name, Contents(declared=Made(inner, function)))
        return found

    def _of_class(self, named: Value | None, owner: Class | None) -> Value | None:
        match named:
            case ClassRef(cls):
                return InstanceRef(cls)
            case External(name) if name.startswith(_TYPING) and name.endswith(".Self"):
                return None if owner is None else InstanceRef(owner)
            case External(name) if name.startswith(_TYPING):
                plain = libraries.TYPING_ALIASES.get(name.rpartition(".")[2])
                return None if plain is None else External(f"{plain}()")
            case External(name) if not name.endswith("()"):
                # Whether it was given a seed is not known.
                return External(f"{name}(seed)" if name in libraries.SEEDED else libraries.normal(f"{name}()"))
            case Runtime(name) if name and not name.endswith("()"):
                return Runtime(libraries.RUNTIME_INSTANCES.get(name, f"{name}()"))
            case _:
                return None

    def item(self, iterated: ast.expr, scope: Function, depth: int) -> Value | None:
        """Return what the items of an iterable are, where an annotation says it."""
        found = self._annotation_of(iterated, scope, depth)
        if found is None:
            value = self._expressions.evaluate(iterated, scope, depth)
            item = libraries.ITERATED.get(value.name) if isinstance(value, External) else None
            return None if item is None else External(item)
        annotation, function = found
        match _unquoted(annotation):
            case ast.Subscript(value=head, slice=inner):
                named = self._expressions.evaluate(head, function, depth)
                name = named.name if isinstance(named, External) else ""
                if name.rpartition(".")[2] not in libraries.ITERABLES:
                    return None
                first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
                return self.instance(first, function, depth)
            case _:
                return None

    def _annotation_of(self, node: ast.expr, scope: Function, depth: int) -> tuple[ast.expr, Function] | None:
        """Return the annotation of a variable, an attribute or a result, and where its names are looked up."""
        match node:
            case ast.Name(id=name):
                place = self._place_of(name, scope)
                parameter = next((each for each in place.positional if each.arg == name), None)
                if parameter is not None:
                    annotation = parameter.annotation
                    return None if annotation is None else (annotation, place.outer or place)
                bindings = place.body.bindings.get(name, [])
                declared = [each.annotation for each in bindings if each.annotation is not None]
                return (declared[0], place) if len(declared) == 1 else None
            case ast.Attribute(value=value, attr=attr):
                owner = self._expressions.evaluate(value, scope, depth)
                bindings = owner.cls.body.bindings.get(attr, []) if isinstance(owner, InstanceRef) else []
                declared = [each.annotation for each in bindings if each.annotation is not None]
                cls = owner.cls if isinstance(owner, InstanceRef) else None
                return None if cls is None or len(declared) != 1 else (declared[0], cls.outer)
            case ast.Call(func=func):
                called = self._expressions.evaluate(func, scope, depth)
                if isinstance(called, FunctionRef) and isinstance(called.function.node, FunctionNode):
                    returns = called.function.node.returns
                    return None if returns is None else (returns, called.function.outer or called.function)
                return None
            case ast.Await(value=value):
                return self._annotation_of(value, scope, depth)
            case _:
                return None

    def _place_of(self, name: str, scope: Function) -> Function:
        """Return the function, or the module's body, that binds a name."""
        place = scope
        while place.outer is not None and name not in place.own_names:
            if name in place.body.global_names:
                return place.unit.module
            place = place.outer
        return place


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _unquoted(annotation: ast.expr) -> ast.expr | None:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _parsed(annotation.value)
    return annotation


def _parsed(text: str) -> ast.expr | None:
    return expression(text.strip())
