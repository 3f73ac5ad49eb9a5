"""Whether values stored under one type can be read under another."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field

from dbos_gen.syntax.parsing import expression
from dbos_gen.vocabulary.contracts import Contracts, Shape, ShapeKind

_ANY = ("typing.Any", "object", "typing_extensions.Any")
_SCALARS = ("str", "int", "float", "bool", "None")
_MAX_DEPTH = 30
# JSON has one kind of list: what was stored as one reads as another, as long as the elements do.
_LISTS = frozenset(
    {
        *("list", "set", "frozenset", "typing.List", "typing.Set", "typing.FrozenSet"),
        *(
            f"{module}.{name}"
            for module in ("typing", "collections.abc")
            for name in ("Sequence", "MutableSequence", "Iterable", "Collection")
        ),
    }
)
_DICTS = frozenset({
    "dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping", "typing.MutableMapping",
    "collections.abc.MutableMapping",
})  # fmt: skip
_LITERAL = "typing.Literal"
_TUPLES = ("tuple", "typing.Tuple")
# Stored as text that other text cannot be read as.
_TEXTS = frozenset({
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta",
    "decimal.Decimal", "uuid.UUID", "bytes",
})  # fmt: skip
_NARROWER = {("int", "float"), ("bool", "int"), ("bool", "float")}
_UNIONS = ("typing.Union", "typing_extensions.Union")
_OPTIONALS = ("typing.Optional", "typing_extensions.Optional")


class Fit(enum.IntEnum):
    """What is read of stored values: the same, the same for some, values of another type, or an error."""

    ALL = 0
    SOME = 1
    OTHER = 2
    NONE = 3


@dataclass(slots=True)
class TypeComparison:
    """Reads types of the old contracts under those of the new ones."""

    old: Contracts
    new: Contracts
    _assumed: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def fit(self, stored: str, wanted: str) -> Fit:
        """Return how many values stored as ``stored`` can be read as ``wanted``; empty texts say nothing."""
        if not stored or not wanted:
            return Fit.ALL
        before, after = _parsed(stored), _parsed(wanted)
        if before is None or after is None:
            return Fit.ALL if stored == wanted else Fit.SOME
        return self._fit(before, after, 0)

    def _fit(self, stored: ast.expr, wanted: ast.expr, depth: int) -> Fit:
        if depth > _MAX_DEPTH:
            return Fit.SOME
        members, choices = _members(stored), _members(wanted)
        if len(members) > 1 or len(choices) > 1:
            fits = [min(self._fit(member, choice, depth + 1) for choice in choices) for member in members]
            return _together(fits)
        stored, wanted = _as_list(stored), _as_list(wanted)
        first, last = _name(stored), _name(wanted)
        alias = self._alias(self.old, first), self._alias(self.new, last)
        if alias[0] is not None or alias[1] is not None:
            return self._fit(alias[0] or stored, alias[1] or wanted, depth + 1)
        if first in _ANY or last in _ANY:
            return Fit.ALL if last in _ANY and (first in _ANY or self._is_plain(stored, depth)) else Fit.SOME
        if _LITERAL in (first, last):
            return _literals(stored, wanted)
        return self._heads(stored, wanted, depth)

    def _heads(self, stored: ast.expr, wanted: ast.expr, depth: int) -> Fit:
        first, last = _name(stored), _name(wanted)
        if first == last:
            return self._same_head(stored, wanted, first, depth)
        if (first, last) in _NARROWER:
            return Fit.ALL
        if (first in _LISTS and last in _LISTS) or (first in _DICTS and last in _DICTS):
            return self._arguments(stored, wanted, depth)
        if first in self.old.shapes and last in self.new.shapes:
            return self._shapes(first, last, depth)
        return self._strangers(first, last)

    def _strangers(self, first: str, last: str) -> Fit:
        """Text may or may not be what another type is stored as; anything else is read as it stands."""
        wanted = self.new.shapes.get(last)
        is_text = first == "str" or first in _TEXTS
        if is_text and (last in _TEXTS or (wanted is not None and wanted.kind is ShapeKind.MEMBERS)):
            return Fit.SOME
        known = {*_SCALARS, *_TEXTS, *_LISTS, *_DICTS, *self.old.shapes, *self.new.shapes}
        return Fit.OTHER if first in known and last in known else Fit.SOME

    def _alias(self, contracts: Contracts, name: str) -> ast.expr | None:
        shape = contracts.shapes.get(name)
        return _parsed(shape.entries["is"]) if shape is not None and shape.kind is ShapeKind.ALIAS else None

    def _same_head(self, stored: ast.expr, wanted: ast.expr, name: str, depth: int) -> Fit:
        inner = self._arguments(stored, wanted, depth)
        if name in self.old.shapes and name in self.new.shapes:
            return max(inner, self._shapes(name, name, depth))
        return inner

    def _arguments(self, stored: ast.expr, wanted: ast.expr, depth: int) -> Fit:
        before, after = _arguments(stored), _arguments(wanted)
        if len(before) != len(after):
            return Fit.ALL if not before or not after else Fit.SOME
        # An empty container of anything can be read, so a container never fits not at all.
        fits = [min(self._fit(one, other, depth + 1), Fit.SOME) for one, other in zip(before, after, strict=True)]
        if _name(stored) in _TUPLES:
            fits = [self._fit(one, other, depth + 1) for one, other in zip(before, after, strict=True)]
        return max(fits, default=Fit.ALL)

    def _shapes(self, stored: str, wanted: str, depth: int) -> Fit:
        if (stored, wanted) in self._assumed:
            return Fit.ALL
        before, after = self.old.shapes[stored], self.new.shapes[wanted]
        if before.kind is not after.kind:
            return Fit.OTHER
        self._assumed.add((stored, wanted))
        try:
            return (
                _members_fit(before, after) if before.kind is ShapeKind.MEMBERS else self._fields(before, after, depth)
            )
        finally:
            self._assumed.discard((stored, wanted))

    def _fields(self, before: Shape, after: Shape, depth: int) -> Fit:
        fits = [Fit.ALL]
        for name, kind in after.entries.items():
            if name in before.entries:
                one, other = _parsed(before.entries[name]), _parsed(kind)
                fits.append(Fit.SOME if one is None or other is None else self._fit(one, other, depth + 1))
            elif name not in after.optional:
                fits.append(Fit.NONE)
        return max(fits)

    def _is_plain(self, node: ast.expr, depth: int) -> bool:
        """Whether values of a type read the same without any annotation."""
        name = _name(node)
        if depth > _MAX_DEPTH or name in self.old.shapes:
            return False
        if name in _SCALARS:
            return True
        if name in ("list", "dict"):
            return all(self._is_plain(argument, depth + 1) for argument in _arguments(node))
        members = _members(node)
        return len(members) > 1 and all(self._is_plain(member, depth + 1) for member in members)


def _together(fits: list[Fit]) -> Fit:
    """Return the fit of a union: all of its members, none of them, or some."""
    if min(fits) >= Fit.OTHER:
        return min(fits)
    return Fit.ALL if all(fit is Fit.ALL for fit in fits) else Fit.SOME


def _members_fit(before: Shape, after: Shape) -> Fit:
    # Members are stored by name.
    kept = [name for name in before.entries if name in after.entries]
    if len(kept) == len(before.entries):
        return Fit.ALL
    return Fit.SOME if kept else Fit.NONE


def _literals(stored: ast.expr, wanted: ast.expr) -> Fit:
    kinds = {type(value).__name__ for value in _values(stored)}
    if _name(wanted) != _LITERAL:
        plain = kinds <= {_name(wanted)} or (kinds <= {"int", "float"} and _name(wanted) == "float")
        return Fit.ALL if plain else Fit.OTHER
    if _name(stored) != _LITERAL:
        return Fit.SOME
    before, after = {repr(value) for value in _values(stored)}, {repr(value) for value in _values(wanted)}
    if before <= after:
        return Fit.ALL
    return Fit.SOME if before & after else Fit.OTHER


def _values(node: ast.expr) -> list[object]:
    return [argument.value for argument in _arguments(node) if isinstance(argument, ast.Constant)]


def _parsed(text: str) -> ast.expr | None:
    return expression(text)


def _members(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_members(left), *_members(right)]
        case ast.Subscript(value=value) if _name(value) in _OPTIONALS:
            return [*(member for argument in _arguments(node) for member in _members(argument)), ast.Constant(None)]
        case ast.Subscript(value=value) if _name(value) in _UNIONS:
            return [member for argument in _arguments(node) for member in _members(argument)]
        case _:
            return [node]


def _name(node: ast.expr) -> str:
    return ast.unparse(node.value if isinstance(node, ast.Subscript) else node)


def _arguments(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, ast.Subscript):
        return []
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _as_list(node: ast.expr) -> ast.expr:
    """Return ``list[X]`` for ``tuple[X, ...]``, which is stored alike; tuples that remain have a fixed length."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[element, ast.Constant(value=end)])):
            if end is ... and _name(value) in _TUPLES:
                return ast.Subscript(value=ast.Name(id="list"), slice=element)
        case _:
            pass
    return node
