"""What is in containers: in displays, comprehensions and what is made of others, and what is put into them later."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbos_gen.python.values.functions import Class, Function
from dbos_gen.python.values.program_index import Index
from dbos_gen.python.values.values import Contents, ExpressionEvaluator, External, Made, OneOf, Value, joined

_MAX_DEPTH = 24
_SAME_ITEMS = frozenset(
    {
        "builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "builtins.sorted",
        "builtins.reversed", "builtins.iter", "builtins.dict", "collections.deque", "collections.OrderedDict",
        "types.MappingProxyType", "copy.copy", "copy.deepcopy",
    }
)  # fmt: skip
_ADDERS = {"append": 0, "add": 0, "appendleft": 0, "insert": 1, "setdefault": 1}
_JOINERS = frozenset({"extend", "update", "extendleft"})
_TAKERS = frozenset({"get", "pop", "popleft", "setdefault"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a container; ``label`` is its key or its position, None for neither."""

    label: str | None
    value: Value | None


class Containers:
    """Answers what containers hold; None stands for items that the source does not tell."""

    def __init__(self, expressions: ExpressionEvaluator, index: Index) -> None:
        self._expressions = expressions
        self._index = index
        self._active: set[object] = set()

    def iterated(self, container: Value | None, depth: int = 0) -> Value | None:
        """Return what iterating over a container gives; the keys of a mapping are no functions or objects."""
        if isinstance(container, OneOf):
            return joined(self.iterated(each, depth) for each in container.values)
        if not isinstance(container, External) or container.contents is None or _is_mapping(container.name):
            return None
        return joined(item.value for item in self._items(container, depth))

    def item(self, container: Value | None, index: ast.expr, depth: int = 0) -> Value | None:
        """Return ``container[index]``."""
        if isinstance(container, OneOf):
            return joined(self.item(each, index, depth) for each in container.values)
        if not isinstance(container, External) or container.contents is None:
            return None
        if isinstance(index, ast.Slice):
            return container
        items = self._items(container, depth)
        wanted = _label(index)
        exact = [item for item in items if item.label == wanted]
        if wanted is not None and len(exact) == 1 and all(item.label is not None for item in items):
            return exact[0].value
        return self._one_of(items)

    def rest(self, container: Value | None, before: int, behind: int, depth: int = 0) -> Value | None:
        """Return what ``*rest`` takes of a container, without some items before and behind it."""
        if not isinstance(container, External) or container.contents is None:
            return None
        items = self._items(container, depth)
        kept = items[before : len(items) - behind] if all(item.label is not None for item in items) else items
        return External("builtins.list()", Contents(parts=tuple(item.value for item in kept)))

    def taken(self, container: Value | None, method: str, call: ast.Call, place: Function, depth: int) -> Value | None:
        """Return what ``get``, ``pop`` and their like give."""
        if method not in _TAKERS:
            return None
        found = self.item(container, call.args[0], depth) if call.args else self.iterated(container, depth)
        if len(call.args) < 2:  # noqa: PLR2004  # without a default
            return found
        default = self._expressions.evaluate(call.args[1], place, depth)
        is_none = isinstance(call.args[1], ast.Constant) and call.args[1].value is None
        return found if is_none else joined([found, default])

    def _one_of(self, items: list[Item]) -> Value | None:
        labels = [str(index) if item.label is None else item.label for index, item in enumerate(items)]
        return joined((item.value for item in items), labels) if items else None

    # --- where the items come from ------------------------------------------------------------------------------------

    def _items(self, container: External, depth: int) -> list[Item]:
        contents = container.contents
        if contents is None or depth > _MAX_DEPTH or contents in self._active:
            return [Item(None, None)]
        self._active.add(contents)
        try:
            found = list(self._original(contents, depth + 1))
            for owner, name in contents.variables:
                found.extend(self._added(owner, name, depth + 1))
        finally:
            self._active.discard(contents)
        return found

    def _original(self, contents: Contents, depth: int) -> Iterator[Item]:
        for each in contents.either:
            if isinstance(each, External):
                yield from self._items(each, depth)
        if contents.parts is not None:
            yield from (Item(str(index), value) for index, value in enumerate(contents.parts))
        elif contents.made is not None:
            yield from self._made(contents.made, depth)
        elif contents.declared is not None:
            yield from self._declared(contents.declared, depth)

    def _made(self, made: Made, depth: int) -> Iterator[Item]:
        node, place = made.node, made.place
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                yield from self._elements(elements, place, depth)
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        yield from self._of(value, place, depth)
                    else:
                        yield Item(_label(key), self._evaluate(value, place, depth))
            case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
                yield Item(None, self._evaluate(element, place, depth))
            case ast.DictComp(value=value):
                yield Item(None, self._evaluate(value, place, depth))
            case ast.BinOp(left=left, right=right):
                yield from self._of(left, place, depth)
                yield from self._of(right, place, depth)
            case ast.Call():
                yield from self._called(node, place, depth)
            case _:
                yield Item(None, None)

    def _elements(self, elements: Iterable[ast.expr], place: Function, depth: int) -> Iterator[Item]:
        position: int | None = 0
        for element in elements:
            if isinstance(element, ast.Starred):
                yield from (Item(None, item.value) for item in self._of(element.value, place, depth))
                position = None
            else:
                yield Item(None if position is None else str(position), self._evaluate(element, place, depth))
                position = None if position is None else position + 1

    def _called(self, node: ast.Call, place: Function, depth: int) -> Iterator[Item]:  # noqa: C901, PLR0912  # one each
        called = self._evaluate(node.func, place, depth)
        name = called.name if isinstance(called, External) else ""
        method = name.rpartition(".")[2]
        first = node.args[0] if node.args else None
        if name in _SAME_ITEMS:
            if first is not None:
                yield from self._of(first, place, depth)
            yield from (Item(repr(word.arg), self._evaluate(word.value, place, depth)) for word in node.keywords)
        elif name == "builtins.filter" and len(node.args) > 1:
            yield from self._of(node.args[1], place, depth)
        elif name == "builtins.map" and first is not None:
            function = self._evaluate(first, place, depth)
            made = (
                None if function is None else self._expressions.result(function, ast.Call(first, [], []), place, depth)
            )
            yield Item(None, made)
        elif name == "builtins.enumerate" and first is not None:
            for item in self._of(first, place, depth):
                yield Item(None, _tuple(None, item.value))
        elif name == "builtins.zip":
            each = [joined(item.value for item in self._of(argument, place, depth)) for argument in node.args]
            yield Item(None, _tuple(*each))
        elif name in ("builtins.globals", "builtins.vars", "builtins.locals") and not node.args:
            for defined in place.unit.module.nested:
                yield Item(repr(defined), self._evaluate(ast.Name(defined), place.unit.module, depth))
        elif name == "itertools.chain":
            for argument in node.args:
                yield from self._of(argument, place, depth)
        elif isinstance(node.func, ast.Attribute) and method in ("values", "copy", "items"):
            for item in self._of(node.func.value, place, depth):
                yield Item(None, _tuple(None, item.value)) if method == "items" else item
        else:
            yield Item(None, None)

    def _declared(self, declared: Made, depth: int) -> Iterator[Item]:
        inner = declared.node
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        last = parts[-1]
        if isinstance(last, ast.Constant) and last.value is ... and len(parts) > 1:
            last = parts[0]
        yield Item(None, self._expressions.annotated(last, declared.place, depth))

    def _of(self, node: ast.expr, place: Function, depth: int) -> Iterator[Item]:
        found = self._evaluate(node, place, depth)
        several = found.values if isinstance(found, OneOf) else (found,)
        for value in several:
            if isinstance(value, External) and value.contents is not None:
                yield from self._items(value, depth)
            else:
                yield Item(None, None)

    def _evaluate(self, node: ast.expr, place: Function, depth: int) -> Value | None:
        return self._expressions.evaluate(node, place, depth)

    # --- what is added later ------------------------------------------------------------------------------------------

    def _added(self, owner: Function | Class, name: str, depth: int) -> Iterator[Item]:
        """Yield what is put into the container that a variable, or an attribute of a class's objects, holds."""
        for place in self._index.users(owner, name):
            changing: list[ast.stmt | ast.Call] = [*place.body.changes, *place.body.calls]
            for node in changing:
                yield from self._addition(node, owner, name, place, depth)

    def _addition(
        self, node: ast.stmt | ast.Call, owner: Function | Class, name: str, place: Function, depth: int
    ) -> Iterator[Item]:
        match node:
            case ast.Assign(targets=[ast.Subscript(value=holder, slice=key)], value=value):
                if self._is_variable(holder, owner, name, place):
                    yield Item(_label(key), self._index.passed(value, place, depth))
            case ast.AugAssign(target=holder, value=value) if isinstance(holder, ast.Name | ast.Attribute):
                if self._is_variable(holder, owner, name, place):
                    yield from self._of(value, place, depth)
            case ast.Call(func=ast.Attribute(value=holder, attr=method), args=arguments):
                if method in _ADDERS and len(arguments) > _ADDERS[method]:
                    if self._is_variable(holder, owner, name, place):
                        added = self._index.passed(arguments[_ADDERS[method]], place, depth)
                        yield Item(_label(arguments[0]) if method == "setdefault" else None, added)
                elif method in _JOINERS and self._is_variable(holder, owner, name, place):
                    for argument in arguments[:1]:
                        yield from self._of(argument, place, depth)
                    for word in node.keywords:
                        yield Item(repr(word.arg), self._evaluate(word.value, place, depth))
            case _:
                pass

    def _is_variable(self, node: ast.expr, owner: Function | Class, name: str, place: Function) -> bool:
        match node:
            case ast.Name(id=found) if found == name and isinstance(owner, Function):
                return self._index.holder(name, place) is owner
            case ast.Attribute(value=value, attr=found) if found == name:
                return self._index.is_owner(value, owner, place)
            case _:
                return False


def _is_mapping(name: str) -> bool:
    return name in ("builtins.dict()", "collections.OrderedDict()", "collections.defaultdict()")


def _tuple(*values: Value | None) -> External:
    return External("builtins.tuple()", Contents(parts=values))


def _label(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=value):
            return str(value) if isinstance(value, int) else repr(value)
        case ast.Attribute():
            return ast.unparse(node)
        case ast.Name(id=name) if name.isupper():
            return name
        case _:
            return None
