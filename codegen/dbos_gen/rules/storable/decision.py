"""The decision: whether the runtime refuses a type when a workflow that names it is registered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dbos_gen.rules.storable import advice, outside
from dbos_gen.rules.storable.described import AnyOf, ClassFacts, ClassForm, Described, FixedTuple, Marked, Named

_MARKS_OF_ACTION = frozenset({"__next__", "__anext__", "__await__", "__aiter__", "__enter__", "__aenter__", "__call__"})
_DEEPEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A type that cannot be stored: where below the described type it is, its name, and why and what to do.

    ``steps`` lead to it, outermost first, as in code: ``.name``, ``[]``, ``['key']``.
    """

    steps: tuple[str, ...] = ()
    name: str
    advice: str
    is_annotated: bool = False

    def path(self, root: str) -> str:
        """Where the type is, from ``root`` on."""
        return root + "".join(self.steps)

    @property
    def reason(self) -> str:
        """Why it cannot be stored; empty when the remedy says all."""
        reason, colon, _ = self.advice.partition(": ")
        return reason if colon else ""

    @property
    def remedy(self) -> str:
        """What to do instead."""
        reason, colon, remedy = self.advice.partition(": ")
        return remedy if colon else reason

    @property
    def because(self) -> str:
        """The reason in brackets, to follow the name of the type; empty when there is none."""
        reason = self.reason.removeprefix("it is ")
        return f" ({reason})" if reason else ""

    @property
    def shown(self) -> str:
        """The type as people write it."""
        return self.name.removeprefix("builtins.")

    def below(self, step: str) -> Refusal:
        """The same, seen from one step further out."""
        return replace(self, steps=(step, *self.steps))


def refusal(described: Described) -> Refusal | None:
    """Return why the runtime refuses the type, or None: it does not, or too little is known to tell."""
    return _refusal(described, set())


def _refusal(described: Described, seen: set[Named]) -> Refusal | None:
    match described:
        case AnyOf(members):
            return _first((("", member) for member in members), seen)
        case FixedTuple(items):
            return _first(((f"[{position}]", item) for position, item in enumerate(items)), seen)
        case Marked(inner):
            found = _refusal(inner, seen)
            return None if found is None else replace(found, is_annotated=True)
        case Named():
            return _named(described, seen)
        case _:
            return None


def _first(parts: Iterable[tuple[str, Described]], seen: set[Named]) -> Refusal | None:
    for step, part in parts:
        found = _refusal(part, seen)
        if found is not None:
            return found.below(step) if step else found
    return None


def _named(named: Named, seen: set[Named]) -> Refusal | None:
    steps = outside.CONTAINERS.get(named.name)
    if steps is not None:
        return _first(zip(steps, named.args, strict=False), seen)
    if named.name in outside.STORED:
        return None
    known = outside.advice_for(named.name)
    if known is not None:
        return Refusal(name=named.name, advice=known)
    # Seen once is enough: what was refused has ended the search.
    if named in seen or _depth(named) > _DEEPEST:
        return None
    seen.add(named)
    facts = named.look()
    return None if facts is None else _class(facts, seen)


def _depth(described: Described) -> int:
    """How deep type arguments are nested: generic classes can grow without end."""
    return 1 + max(map(_depth, described.args), default=0) if isinstance(described, Named) else 0


def _class(facts: ClassFacts, seen: set[Named]) -> Refusal | None:
    if facts.kind in (ClassForm.ENUM, ClassForm.EXCEPTION):
        return None
    if facts.kind is ClassForm.TYPED_DICT:
        return _first(((f"[{field.name!r}]", field.type) for field in facts.fields), seen)
    members = members_of(facts)
    if advice.is_handle(members):
        return _refused(facts)
    if _writes_itself(facts, members) or _is_open(facts, members):
        return None
    if facts.kind is ClassForm.PLAIN or (facts.kind is ClassForm.DATA and not _is_constructible(facts)):
        return _refused(facts)
    for field in facts.fields:
        found = _refusal(field.type, seen)
        if found is None:
            continue
        if facts.kind is ClassForm.PYDANTIC and (field.is_customised or found.is_annotated):
            # The model was told how to write the field; as part of the whole it may be written.
            return None
        return found.below(f".{field.name}")
    return None


def members_of(facts: ClassFacts) -> frozenset[str]:
    """Return the names that instances have, those of bases outside the program included."""
    return facts.members.union(*(outside.MARKED.get(base, frozenset()) for base in facts.bases))


def _refused(facts: ClassFacts) -> Refusal:
    named = (outside.BY_NAME.get(base) for base in facts.bases)
    known = next((found for found in named if found is not None), None)
    return Refusal(name=facts.name, advice=known or advice.of_members(members_of(facts), facts.bases))


def _is_open(facts: ClassFacts, members: frozenset[str]) -> bool:
    """Whether the class says little about the data and its subclasses more."""
    if not _MARKS_OF_ACTION.isdisjoint(members):
        return False
    return facts.is_abstract or (facts.kind is ClassForm.PLAIN and not facts.makes_itself)


def _writes_itself(facts: ClassFacts, members: frozenset[str]) -> bool:
    """Whether pydantic is told how to write instances of a class that is no model and no data class."""
    return facts.kind is ClassForm.PLAIN and "__get_pydantic_core_schema__" in members


def _is_constructible(facts: ClassFacts) -> bool:
    """Whether instances can be made without the class's own code, which those of builtin types cannot."""
    return outside.BUILTIN_BASES.isdisjoint(facts.bases)
