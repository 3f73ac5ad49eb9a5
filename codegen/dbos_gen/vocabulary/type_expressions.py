"""Type expressions, with the names in them apart from the text around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_OR = " | "
_PIECE = re.compile(r" \| |[\[\]]|(?:(?! \| )[^\[\]])+")
"""What the text between names consists of: bars, brackets, and all else."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A name of a module: ``Reference("shop.models", "Item")``.

    ``path`` is dotted inside the module and empty for the module itself. An empty ``module`` means a type variable
    that the stub declares itself.
    """

    module: str
    path: str


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type expression whose names are still to be given the stub's own aliases."""

    parts: tuple[str | Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The names used, in order of appearance."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    def with_names(self, replacements: Mapping[Reference, TypeRef]) -> TypeRef:
        """Return the type with other types in the place of names."""
        parts: list[str | Reference] = []
        for part in self.parts:
            replacement = replacements.get(part) if isinstance(part, Reference) else None
            parts.extend((part,) if replacement is None else replacement.parts)
        return TypeRef(tuple(parts))


ANY = TypeRef((Reference("typing", "Any"),))
NONE = TypeRef(("None",))


def builtin(name: str) -> TypeRef:
    """Return the type of a builtin class."""
    return TypeRef((Reference("builtins", name),))


def subscript(head: TypeRef, *arguments: TypeRef) -> TypeRef:
    """Return ``head[arguments]``."""
    parts: list[str | Reference] = [*head.parts, "["]
    for index, argument in enumerate(arguments):
        if index:
            parts.append(", ")
        parts.extend(argument.parts)
    parts.append("]")
    return TypeRef(tuple(parts))


def union(*members: TypeRef) -> TypeRef:
    """Return the union of distinct members; ``Any`` absorbs the others."""
    distinct = list(dict.fromkeys(members))
    return ANY if ANY in distinct else joined(distinct)


def joined(members: Sequence[TypeRef]) -> TypeRef:
    """Return ``A | B`` for members that are known to differ."""
    parts: list[str | Reference] = []
    for index, member in enumerate(members):
        if index:
            parts.append(" | ")
        parts.extend(member.parts)
    return TypeRef(tuple(parts))


def without_none(kind: TypeRef) -> TypeRef:
    """Return ``A | B`` for ``A | None | B``; other types, and None alone, as they are."""
    members: list[list[str | Reference]] = [[]]
    depth = 0
    for part in kind.parts:
        for piece in [part] if isinstance(part, Reference) else _PIECE.findall(part):
            depth += (piece == "[") - (piece == "]")
            if piece == _OR and not depth:
                members.append([])
            else:
                members[-1].append(piece)
    kept = [TypeRef(tuple(member)) for member in members if member != ["None"]]
    return joined(kept) if kept and len(kept) < len(members) else kind
