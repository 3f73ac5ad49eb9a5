"""Whether a value of one type surely is not a value of another, as far as the source says."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol
from dbos_gen.python.types.frames import Frame, Via
from dbos_gen.python.types.inference import Inference
from dbos_gen.syntax.parsing import expression
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef

_MAX_DEPTH = 12
_ALIASES = {"List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple"}
# Concrete classes and what each passes for. Numbers are promoted as type checkers do it.
_BUILTINS = {
    "bool": ("bool", "int", "float", "complex"),
    "int": ("int", "float", "complex"),
    "float": ("float", "complex"),
    **{
        name: (name,)
        for name in ("complex", "str", "bytes", "bytearray", "list", "dict", "set", "frozenset", "tuple", "range")
    },
}
_STANDARD = {
    ("datetime", "datetime"): (("datetime", "date"),),
    ("datetime", "date"): (),
    ("datetime", "time"): (),
    ("datetime", "timedelta"): (),
    ("decimal", "Decimal"): (),
    ("fractions", "Fraction"): (),
    ("uuid", "UUID"): (),
    ("pathlib", "Path"): (("pathlib", "PurePath"),),
}
_ENUMS = {"Enum": None, "Flag": None, "IntEnum": "int", "IntFlag": "int", "StrEnum": "str"}
_ABSTRACT = {
    "Sequence": {"str", "bytes", "bytearray", "list", "tuple", "range"},
    "MutableSequence": {"list", "bytearray"},
    "Mapping": {"dict"},
    "MutableMapping": {"dict"},
    "Iterable": {"str", "bytes", "bytearray", "list", "tuple", "range", "dict", "set", "frozenset"},
    "Collection": {"str", "bytes", "bytearray", "list", "tuple", "range", "dict", "set", "frozenset"},
}
_NONE = Reference("builtins", "None")
_LITERAL = Reference("typing", "Literal")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """One member of a union: a class with its arguments, or the values of a ``Literal``."""

    head: Reference
    arguments: tuple[TypeRef, ...] = ()
    values: tuple[object, ...] = ()


class Assignability:
    """Compares types that the source gives. What it does not know it takes to fit."""

    def __init__(self, resolver: Resolver, *, stored: bool = False) -> None:
        """With ``stored``, what is read back as the wanted type fits too: a text for a date, a mapping for a class."""
        self._resolver = resolver
        self._stored = stored

    def differs(self, given: TypeRef, wanted: TypeRef) -> bool:
        """Whether no value of ``given`` is a ``wanted``; with unions, whether no member of one fits one of the other.

        The given type may be a union only because a variable holds several things at different times, so a single
        member that fits is enough.
        """
        members, targets = self._members(given), self._members(wanted)
        if not members or not targets:
            return False
        return all(self._member_differs(member, target) for member in members for target in targets)

    def _member_differs(self, given: _Type | None, wanted: _Type | None) -> bool:
        if given is None or wanted is None:
            return False
        if wanted.head == _LITERAL:
            return self._differs_from_literal(given, wanted)
        if given.head == _LITERAL:
            kinds = [_Type(head=Reference("builtins", type(value).__name__)) for value in given.values]
            return bool(kinds) and all(self._member_differs(kind, wanted) for kind in kinds)
        if given.head == wanted.head:
            return self._arguments_differ(given, wanted)
        return not (self._stored and _may_be_read_as(given.head, wanted.head)) and self._class_differs(given, wanted)

    def _class_differs(self, given: _Type, wanted: _Type) -> bool:
        allowed = _ABSTRACT.get(wanted.head.path) if wanted.head.module in ("typing", "collections.abc") else None
        if allowed is not None:
            return given.head == _NONE or (
                given.head.module == "builtins" and given.head.path in _BUILTINS and given.head.path not in allowed
            )
        found = self._ancestry(given.head) if self._is_class(wanted.head) else None
        if found is None:
            return False
        ancestors, is_complete = found
        # An unknown base of a class cannot be one of the project's own classes.
        return wanted.head not in ancestors and (is_complete or self._symbol(wanted.head) is not None)

    def _differs_from_literal(self, given: _Type, wanted: _Type) -> bool:
        if given.head == _LITERAL:
            return bool(given.values) and not any(
                type(value) is type(other) and value == other for value in given.values for other in wanted.values
            )
        kinds = {type(value).__name__ for value in wanted.values}
        is_known = given.head == _NONE or (given.head.module == "builtins" and given.head.path in _BUILTINS)
        return bool(wanted.values) and is_known and given.head.path not in kinds

    def _arguments_differ(self, given: _Type, wanted: _Type) -> bool:
        ours, theirs = given.arguments, wanted.arguments
        if given.head.module != "builtins" or not ours or not theirs:
            return False
        if given.head.path == "tuple":
            rest = TypeRef(("...",))
            if ours[-1] == rest or theirs[-1] == rest:
                return self.differs(ours[0], theirs[0])
            if len(ours) != len(theirs):
                return True
        return len(ours) == len(theirs) and any(
            self.differs(our, their) for our, their in zip(ours, theirs, strict=True)
        )

    # --- classes --------------------------------------------------------------------------------------------------

    def _is_class(self, reference: Reference) -> bool:
        """Whether a type is a class whose instances are exactly those of it and of its subclasses."""
        if reference == _NONE or (reference.module, reference.path) in _STANDARD:
            return True
        if reference.module == "builtins":
            return reference.path in _BUILTINS
        return self._ancestry(reference) is not None

    def _ancestry(self, reference: Reference, depth: int = 0) -> tuple[frozenset[Reference], bool] | None:
        """Return a class with its bases, and whether these are all; None for what is not an ordinary class."""
        if reference == _NONE:
            return frozenset({_NONE}), True
        if reference.module == "builtins" and reference.path in _BUILTINS:
            return frozenset(Reference("builtins", name) for name in _BUILTINS[reference.path]), True
        standard = _STANDARD.get((reference.module, reference.path))
        if standard is not None:
            return frozenset({reference, *(Reference(*base) for base in standard)}), True
        symbol = self._symbol(reference)
        if symbol is None or depth > _MAX_DEPTH or not isinstance(symbol.node, ast.ClassDef) or symbol.source is None:
            return None
        found, is_complete = {reference}, True
        for base in symbol.node.bases:
            head = base.value if isinstance(base, ast.Subscript) else base
            inherited = self._base(self._resolver.resolve(Scope(source=symbol.source), head), depth)
            if inherited is None:
                return None
            found |= inherited[0]
            is_complete = is_complete and inherited[1]
        return frozenset(found), is_complete

    def _base(self, base: Symbol | None, depth: int) -> tuple[frozenset[Reference], bool] | None:
        if base is None or base.is_typing("Protocol", "TypedDict"):
            return None
        if base.is_typing("Generic") or (base.module, base.path) in (("builtins", "object"), ("abc", "ABC")):
            return frozenset(), True
        if base.is_typing("NamedTuple"):
            return frozenset({Reference("builtins", "tuple")}), True
        if base.module == "enum" and base.path in _ENUMS:
            mixed = _ENUMS[base.path]
            return frozenset(Reference("builtins", name) for name in _BUILTINS.get(mixed or "", ())), True
        reference = Reference(base.module, base.path)
        if isinstance(base.node, ast.ClassDef) or self._is_plain(reference):
            return self._ancestry(reference, depth + 1)
        if base.source is not None:
            return None
        is_known = (base.module, base.path) == ("pydantic", "BaseModel") or base.is_runtime
        return frozenset({reference}), is_known or (
            base.module == "builtins" and base.path.endswith(("Error", "Exception"))
        )

    def _is_plain(self, reference: Reference) -> bool:
        return (reference.module, reference.path) in _STANDARD or (
            reference.module == "builtins" and reference.path in _BUILTINS
        )

    def _symbol(self, reference: Reference) -> Symbol | None:
        """Return a class that the project defines."""
        source = self._resolver.load(reference.module) if reference.module and reference.path else None
        if source is None:
            return None
        found = self._resolver.lookup(Scope(source=source), tuple(reference.path.split(".")))
        return found if found is not None and isinstance(found.node, ast.ClassDef) else None

    # --- type expressions -----------------------------------------------------------------------------------------

    def _members(self, kind: TypeRef) -> list[_Type | None]:
        """Return the members of a union; None stands for one that is not understood."""
        names: dict[str, Reference] = {}
        text = ""
        for part in kind.parts:
            if isinstance(part, Reference):
                name = f"_{len(names)}"
                names[name] = part
                text += name
            else:
                text += part
        parsed = expression(text.strip())
        if parsed is None:
            return [None]
        return [self._member(member, names) for member in _union(parsed)]

    def _member(self, node: ast.expr, names: dict[str, Reference]) -> _Type | None:
        match node:
            case ast.Constant(value=None):
                return _Type(head=_NONE)
            case ast.Name(id=name) if name in names:
                return _Type(head=_normal(names[name]))
            case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in names:
                head = _normal(names[name])
                elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                if head.module in ("typing", "typing_extensions") and head.path == "Literal":
                    values = [_literal(element) for element in elements]
                    known = tuple(value[0] for value in values if value is not None)
                    return _Type(head=_LITERAL, values=known) if len(known) == len(elements) else None
                return _Type(head=head, arguments=tuple(_again(element, names) for element in elements))
            case _:
                return None


def _may_be_read_as(given: Reference, wanted: Reference) -> bool:
    """Whether JSON text of one builtin class may be meant for another class."""
    if given.module != "builtins" or given == _NONE:
        return False
    if wanted.module != "builtins":
        return given.path in ("str", "dict", "int", "float", "list", "tuple")
    collections = ("list", "tuple", "set", "frozenset")
    return (given.path in collections and wanted.path in collections) or (given.path, wanted.path) in (
        ("str", "bytes"),
        ("str", "bytearray"),
    )


def given_type(node: ast.expr, frame: Frame, inference: Inference) -> TypeRef | None:
    """Return the type of an expression, of a constant as narrow as can be said; None when the source does not say."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, str | int | bytes):
            return TypeRef((_LITERAL, "[", repr(value), "]"))
        return TypeRef((Reference("builtins", "None" if value is None else type(value).__name__),))
    return inference.infer(node, frame.scope) if _is_plain(node, frame) else None


def shown(kind: TypeRef) -> str:
    """Return a type as messages show it, without the modules of its names; of a literal its class."""
    if kind.parts[:2] == (_LITERAL, "[") and isinstance(kind.parts[2], str):
        return type(ast.literal_eval(kind.parts[2])).__name__ if len(kind.parts) == 4 else "str"  # noqa: PLR2004  # Literal[one]
    return "".join(part if isinstance(part, str) else part.path for part in kind.parts)


def _is_plain(node: ast.expr, frame: Frame) -> bool:
    """Whether every name that decides about a type is a parameter or bound by plain assignments of this function."""
    pending: list[ast.AST] = [node]
    while pending:
        inner = pending.pop()
        if isinstance(inner, ast.comprehension | ast.Lambda):
            return False
        if isinstance(inner, ast.Name) and not _is_plain_name(inner.id, frame):
            return False
        if isinstance(inner, ast.Call):
            # What a call gives is said by what is called.
            pending.append(inner.func)
        elif not isinstance(inner, ast.JoinedStr | ast.Compare):
            pending.extend(ast.iter_child_nodes(inner))
    return True


def _is_plain_name(name: str, frame: Frame) -> bool:
    holder = frame.holder(name)
    if holder is None or (holder.is_module and holder is not frame):
        return True
    return holder is frame and all(each is not None and each.via is Via.VALUE for each in frame.bound().get(name, []))


def _union(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_union(node.left), *_union(node.right)]
    return [node]


def _literal(node: ast.expr) -> tuple[object] | None:
    match node:
        case ast.Constant(value=value):
            return (value,)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return (-value,)
        case _:
            return None


def _again(node: ast.expr, names: dict[str, Reference]) -> TypeRef:
    """Return part of a parsed type as a type of its own."""
    parts: list[str | Reference] = []
    text = ast.unparse(node)
    word = ""
    for char in f"{text} ":
        if char.isalnum() or char == "_":
            word += char
            continue
        parts.extend((names.get(word, word),) if word else ())
        parts.append(char)
        word = ""
    return TypeRef(tuple(parts[:-1]))


def _normal(reference: Reference) -> Reference:
    if reference.module == "typing" and reference.path in _ALIASES:
        return Reference("builtins", _ALIASES[reference.path])
    return reference
