"""What the values in containers are: of a type expression, the types of its elements, items and method results."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dbos_gen.vocabulary.type_expressions import ANY, NONE, Reference, TypeRef, builtin, subscript, union

_SEQUENCES = frozenset({"list", "List", "Sequence", "MutableSequence", "deque", "Deque"})
_OTHERS = frozenset({
    "set", "Set", "frozenset", "FrozenSet", "AbstractSet", "Iterable", "Iterator", "Collection", "AsyncIterator",
    "AsyncIterable", "Generator", "KeysView", "ValuesView", "Container",
})  # fmt: skip
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict"})
_TUPLES = frozenset({"tuple", "Tuple"})
_MODULES = frozenset({"builtins", "typing", "typing_extensions", "collections", "collections.abc"})
_ITERABLE = TypeRef((Reference("collections.abc", "Iterable"),))
_ELLIPSIS = TypeRef(("...",))
_STR, _INT, _FLOAT, _BYTES = builtin("str"), builtin("int"), builtin("float"), builtin("bytes")
_TEXT_METHODS = {
    **dict.fromkeys(
        ("join", "format", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "replace",
         "removeprefix", "removesuffix", "zfill", "ljust", "rjust", "center"),
        _STR,
    ),
    **dict.fromkeys(("split", "rsplit", "splitlines"), subscript(builtin("list"), _STR)),
    **dict.fromkeys(("partition", "rpartition"), subscript(builtin("tuple"), _STR, _STR, _STR)),
    **dict.fromkeys(("startswith", "endswith", "isdigit", "isalpha", "isidentifier"), builtin("bool")),
    **dict.fromkeys(("count", "find", "index"), _INT),
    "encode": _BYTES,
}  # fmt: skip


def members(kind: TypeRef) -> tuple[TypeRef, ...]:
    """Return the members of a union, or the type itself."""
    return tuple(_split(kind.parts, " | "))


def arguments(kind: TypeRef) -> tuple[str, tuple[TypeRef, ...]]:
    """Return the name of a container of the standard library and its type arguments; "" for anything else."""
    head = kind.parts[0] if kind.parts else None
    if not isinstance(head, Reference) or head.module not in _MODULES or len(members(kind)) > 1:
        return "", ()
    if len(kind.parts) == 1:
        return head.path, ()
    return head.path, tuple(_split(kind.parts[2:-1], ", "))


def element(kind: TypeRef) -> TypeRef | None:
    """Return the type of what iterating over a value gives."""
    name, inner = arguments(kind)
    if name in ("str", "bytes", "range"):
        return _STR if name == "str" else _INT
    if name in _TUPLES and inner:
        return inner[0] if len(inner) == 2 and inner[1] == _ELLIPSIS else union(*inner)  # noqa: PLR2004  # tuple[X, ...]
    return inner[0] if inner and name in _SEQUENCES | _OTHERS | _MAPPINGS else None


def item(kind: TypeRef, index: ast.expr) -> TypeRef | None:
    """Return the type of ``value[index]``."""
    name, inner = arguments(kind)
    if isinstance(index, ast.Slice):
        return kind if name in (*_SEQUENCES, "str", "bytes") else None
    if name == "str":
        return _STR
    if name in _MAPPINGS and len(inner) > 1:
        return inner[1]
    if name in _SEQUENCES and inner:
        return inner[0]
    if name in _TUPLES and inner:
        place = index.value if isinstance(index, ast.Constant) else None
        is_fixed = inner[-1] != _ELLIPSIS
        if is_fixed and isinstance(place, int) and 0 <= place < len(inner):
            return inner[place]
        return element(kind)
    return None


def unpacked(kind: TypeRef, count: int) -> tuple[TypeRef, ...] | None:
    """Return the types of the variables that a value is unpacked into."""
    name, inner = arguments(kind)
    if name in _TUPLES and inner and inner[-1] != _ELLIPSIS:
        return inner if len(inner) == count else None
    each = element(kind)
    return None if each is None else (each,) * count


def method_result(kind: TypeRef, method: str) -> TypeRef | None:
    """Return the type of what a method of a builtin value returns."""
    name, inner = arguments(kind)
    if name == "str":
        return _TEXT_METHODS.get(method)
    if name == "bytes" and method == "decode":
        return _STR
    if name in _MAPPINGS and len(inner) > 1:
        key, value = inner[0], inner[1]
        return {
            "keys": subscript(_ITERABLE, key),
            "values": subscript(_ITERABLE, value),
            "items": subscript(_ITERABLE, subscript(builtin("tuple"), key, value)),
            "get": union(value, NONE),
            "copy": kind,
        }.get(method)
    if name in _SEQUENCES and inner:
        return {"copy": kind, "pop": inner[0], "count": _INT, "index": _INT}.get(method)
    return None


def call_result(name: str, given: Sequence[TypeRef | None]) -> TypeRef | None:
    """Return the type of what a builtin function returns for arguments of these types, unknown ones being None."""
    first = given[0] if given else None
    each = None if first is None else element(first)
    if name == "range":
        return builtin("range")
    if name == "zip":
        return _zipped(given)
    if name in ("max", "min") and len(given) > 1:
        return _known_union(given)
    if first in (_INT, _FLOAT) and name in ("abs", "round"):
        return _INT if name == "round" and len(given) == 1 else first
    return None if each is None else _of_elements(name, each)


def _of_elements(name: str, each: TypeRef) -> TypeRef | None:
    """Return the type of what a builtin function makes of elements of one type."""
    match name:
        case "sorted" | "list" | "reversed":
            return subscript(builtin("list"), each)
        case "set" | "frozenset":
            return subscript(builtin(name), each)
        case "tuple":
            return subscript(builtin("tuple"), each, _ELLIPSIS)
        case "enumerate":
            return subscript(_ITERABLE, subscript(builtin("tuple"), _INT, each))
        case "max" | "min":
            return each
        case "sum":
            return each if each in (_INT, _FLOAT) else None
        case _:
            return None


def _zipped(given: Sequence[TypeRef | None]) -> TypeRef | None:
    elements = [None if kind is None else element(kind) for kind in given]
    known = [each for each in elements if each is not None]
    if not known or len(known) != len(elements):
        return None
    return subscript(_ITERABLE, subscript(builtin("tuple"), *known))


def _known_union(given: Sequence[TypeRef | None]) -> TypeRef | None:
    known = [kind for kind in given if kind is not None and kind != ANY]
    return union(*known) if known and len(known) == len(given) else None


def _split(parts: Sequence[str | Reference], separator: str) -> list[TypeRef]:
    found: list[TypeRef] = []
    current: list[str | Reference] = []
    depth = 0
    for part in parts:
        depth += (part == "[") - (part == "]")
        if part == separator and depth == 0:
            found.append(TypeRef(tuple(current)))
            current = []
        else:
            current.append(part)
    found.append(TypeRef(tuple(current)))
    return found
