"""Whether runs recorded under one skeleton can be replayed under another."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from dbos_gen.contract.comparison.graph import AtDeprecated, AtOpaque, AtPatch, Decide, End, Graph, Point, Take
from dbos_gen.vocabulary.contracts import Call, CallKind, Skeleton

_MAX_STATES = 20_000
_WIDE = frozenset({"DBOS.recv", "DBOS.getEvent"})
_Key = tuple[str, str, tuple[str, ...]]


class Mismatch(enum.Enum):
    """How replay meets another call than the recorded one."""

    INSERTED = "inserted"
    REMOVED = "removed"
    REPLACED = "replaced"
    UNKNOWN = "unknown"
    TOO_COMPLEX = "too complex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Where replay fails: at step ``number`` of some run, ``old`` is recorded and ``new`` would be made.

    ``is_certain`` when every run that gets there fails, and not only those whose values lead another way.
    """

    kind: Mismatch
    number: int
    old: str
    new: str
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A call that both make at the same place, of which the recorded type may differ."""

    number: int
    old: Call
    new: Call


@dataclass(frozen=True, slots=True)
class _State:
    old: int
    new: int
    is_certain: bool
    # Decisions that one side has taken and the other has still to follow.
    old_ahead: tuple[tuple[_Key, str], ...] = ()
    new_ahead: tuple[tuple[_Key, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Comparison:
    """What a comparison found, each thing once."""

    divergences: list[Divergence]
    matched: list[Matched]
    leaves_records: bool
    """Whether a run may end with recorded calls that it does not make any more."""
    assumes_patched: frozenset[str]
    """Patches whose old branch is gone: runs from before them cannot go on."""


def compare(old: Skeleton, new: Skeleton) -> Comparison:
    """Follow every path that both may take together."""
    explorer = _Explorer(Graph(old), Graph(new))
    explorer.explore()
    return Comparison(
        divergences=list(explorer.divergences.values()),
        matched=list(explorer.matched.values()),
        leaves_records=explorer.leaves_records,
        assumes_patched=frozenset(explorer.assumes_patched),
    )


class _Explorer:
    def __init__(self, old: Graph, new: Graph) -> None:
        self._old = old
        self._new = new
        self.divergences: dict[tuple[str, str], Divergence] = {}
        self.matched: dict[tuple[Call, Call], Matched] = {}
        self.leaves_records = False
        self.assumes_patched: set[str] = set()

    def explore(self) -> None:
        """Visit states breadth first, so that what is reported is the earliest place."""
        first = _State(self._old.start, self._new.start, is_certain=True)
        seen = {first}
        pending = deque([(first, 1)])
        while pending:
            state, number = pending.popleft()
            for following, width in self._visit(state, number):
                if following not in seen:
                    seen.add(following)
                    pending.append((following, number + width))
            if len(seen) > _MAX_STATES:
                self._diverge(Mismatch.TOO_COMPLEX, number, "", "", is_certain=False)
                return

    def _visit(self, state: _State, number: int) -> Iterator[tuple[_State, int]]:
        """Yield the states that follow, each with the step numbers taken on the way."""
        old, new = self._old[state.old], self._new[state.new]
        if isinstance(old, End):
            # Nothing more is recorded: whatever the new code does from here on is done for the first time.
            return
        if isinstance(old, AtPatch) or isinstance(new, AtPatch):
            yield from self._at_patch(state, old, new, number)
        elif isinstance(new, AtDeprecated):
            after = old.next if isinstance(old, AtDeprecated) and old.name == new.name else state.old
            yield _moved(state, old=after, new=new.next), 0
        elif isinstance(old, AtDeprecated):
            yield _moved(state, old=old.next), 0
        elif isinstance(old, Decide) or isinstance(new, Decide):
            yield from ((following, 0) for following in self._at_decision(state, old, new))
        elif isinstance(old, AtOpaque) or isinstance(new, AtOpaque):
            yield from self._at_opaque(state, old, new, number)
        elif isinstance(new, Take):
            yield from self._at_calls(state, old, new, number)
        else:
            self.leaves_records = True

    def _at_patch(self, state: _State, old: Point, new: Point, number: int) -> Iterator[tuple[_State, int]]:
        if isinstance(old, AtPatch) and isinstance(new, AtPatch) and old.name == new.name:
            yield _moved(state, old=old.then, new=new.then), 1
            yield _moved(state, old=old.orelse, new=new.orelse, is_certain=False), 0
        elif isinstance(old, AtPatch) and isinstance(new, AtDeprecated) and old.name == new.name:
            self.assumes_patched.add(old.name)
            yield _moved(state, old=old.then, new=new.next), 1
        elif isinstance(new, AtPatch):
            # A run that has a record here is not given the marker.
            yield _moved(state, new=new.orelse), 0
        elif isinstance(old, AtPatch):
            yield _moved(state, old=old.orelse), 0
            if isinstance(new, Decide):
                for _, place in new.arms:
                    yield _moved(state, new=place, is_certain=False), 0
            elif not isinstance(new, End):
                self._diverge(Mismatch.REMOVED, number, f"DBOS.patch({old.name!r})", _shown(new), is_certain=True)

    def _at_decision(self, state: _State, old: Point, new: Point) -> Iterator[_State]:
        if isinstance(old, Decide) and isinstance(new, Decide):
            if old.key == new.key:
                yield from self._together(state, old, new)
                return
            leads_to_old = old.key in self._new.decisions_from(state.new)
            leads_to_new = new.key in self._old.decisions_from(state.old)
            first_old = not leads_to_old or leads_to_new
        else:
            first_old = isinstance(old, Decide)
        point = old if first_old else new
        if isinstance(point, Decide):
            yield from self._alone(state, point, of_old=first_old)

    def _together(self, state: _State, old: Decide, new: Decide) -> Iterator[_State]:
        places = dict(new.arms)
        same = [label for label, _ in old.arms] == [label for label, _ in new.arms]
        for label, place in old.arms:
            if label in places:
                yield _moved(state, old=place, new=places[label], is_certain=state.is_certain and same)
            else:
                for _, other in new.arms:
                    yield _moved(state, old=place, new=other, is_certain=False)

    def _alone(self, state: _State, point: Decide, *, of_old: bool) -> Iterator[_State]:
        """One side decides where the other does not, or about something else: every way is possible."""
        promised = state.new_ahead if of_old else state.old_ahead
        for index, (key, label) in enumerate(promised):
            if key == point.key:
                rest = (*promised[:index], *promised[index + 1 :])
                places = [place for name, place in point.arms if name == label]
                for place in places or [place for _, place in point.arms]:
                    yield (
                        _State(place, state.new, state.is_certain, state.old_ahead, rest)
                        if of_old
                        else _State(state.old, place, state.is_certain, rest, state.new_ahead)
                    )
                return
        certain = state.is_certain and len(point.arms) == 1
        other = self._new.decisions_from(state.new) if of_old else self._old.decisions_from(state.old)
        for label, place in point.arms:
            ahead = ((point.key, label),) if point.key in other and len(point.arms) > 1 else ()
            yield (
                _State(place, state.new, certain, (*state.old_ahead, *ahead)[-4:], state.new_ahead)
                if of_old
                else _State(state.old, place, certain, state.old_ahead, (*state.new_ahead, *ahead)[-4:])
            )

    def _at_opaque(self, state: _State, old: Point, new: Point, number: int) -> Iterator[tuple[_State, int]]:
        if isinstance(old, AtOpaque) and isinstance(new, AtOpaque) and old.text == new.text:
            yield _moved(state, old=old.next, new=new.next), 0
            return
        self._diverge(Mismatch.UNKNOWN, number, _shown(old), _shown(new), is_certain=False)

    def _at_calls(self, state: _State, old: Take, new: Take, number: int) -> Iterator[tuple[_State, int]]:
        if _record(old.call) == _record(new.call):
            self.matched.setdefault((old.call, new.call), Matched(number=number, old=old.call, new=new.call))
            width = 2 if old.call.name in _WIDE else 1
            yield _moved(state, old=old.next, new=new.next), width
            yield _moved(state, old=old.error, new=new.error), width
            return
        following_new, following_old = self._new[new.next], self._old[old.next]
        if isinstance(following_new, Take) and _record(following_new.call) == _record(old.call):
            kind = Mismatch.INSERTED
        elif isinstance(following_old, Take) and _record(following_old.call) == _record(new.call):
            kind = Mismatch.REMOVED
        else:
            kind = Mismatch.REPLACED
        self._diverge(kind, number, _shown(old), _shown(new), is_certain=state.is_certain)

    def _diverge(self, kind: Mismatch, number: int, old: str, new: str, *, is_certain: bool) -> None:
        known = self.divergences.get((old, new))
        if known is None or (is_certain and not known.is_certain):
            found = Divergence(kind=kind, number=number, old=old, new=new, is_certain=is_certain)
            self.divergences[old, new] = found


def _moved(state: _State, *, old: int | None = None, new: int | None = None, is_certain: bool | None = None) -> _State:
    return _State(
        state.old if old is None else old,
        state.new if new is None else new,
        state.is_certain if is_certain is None else is_certain and state.is_certain,
        state.old_ahead,
        state.new_ahead,
    )


def _record(call: Call) -> tuple[str, str]:
    """Return what replay compares: starting a workflow and calling it leave the same first record."""
    kind = CallKind.WORKFLOW if call.kind is CallKind.START else call.kind
    return kind.value, call.name


def _shown(point: Point) -> str:
    match point:
        case Take(call=call):
            return f"{call.name}" if call.kind is CallKind.OPERATION else f"{call.kind.value} {call.name}"
        case AtPatch(name=name):
            return f"DBOS.patch({name!r})"
        case AtOpaque(text=text):
            return f"the call of {text}"
        case _:
            return "the end"
