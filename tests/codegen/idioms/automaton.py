"""Skeletons as automata: which histories a contract allows, and which of its calls a history needs.

Read from the definitions of the nodes alone, so that it is no copy of what `dbos-gen diff` makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from dbos_gen.vocabulary.contracts import (
    Attempt,
    Block,
    Call,
    CallKind,
    Choice,
    Deprecated,
    Exit,
    Leave,
    Loop,
    Node,
    Opaque,
    Patch,
    Skeleton,
    bodies,
)
from tests.codegen.idioms.running import History, Record

Place: TypeAlias = tuple[int, ...]
"""Where a node stands in a skeleton: its index among its neighbours, after those of the nodes around it."""

_CATCH_ALL = ("", "Exception", "BaseException")
_CHILDREN = (CallKind.WORKFLOW, CallKind.START)
_WAITING = {"DBOS.recv", "DBOS.getEvent"}
_DONE, _FAILED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A way on that is taken with a record; `next` when the call gave a result, `error` when it raised."""

    next: int
    error: int
    call: Call | None = None
    name: str = ""
    place: Place = ()

    def follow(self, record: Record) -> int | None:
        """Return where a record leads; None if it is not of this call."""
        if self.call is None:
            fits = self.name in ("", record.name)
        else:
            kind = self.call.kind
            fits = self.call.name == record.name and (
                kind is CallKind.OPERATION or record.is_child is (kind in _CHILDREN)
            )
        if not fits:
            return None
        return self.error if record.has_error else self.next


@dataclass(slots=True)
class _State:
    free: list[int] = field(default_factory=list[int])
    steps: list[_Step] = field(default_factory=list[_Step])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    return_: int
    raise_: int
    break_: int
    continue_: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a contract says to a history: `used` are the places of the calls on the ways that lead through all of it.

    `length` is how many records it follows at most, `expected` what it would have after them.
    """

    is_allowed: bool
    used: frozenset[Place]
    length: int
    expected: tuple[str, ...]


class Automaton:
    """The ways through one skeleton."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._states = [_State(), _State()]
        ways = _Ways(return_=_DONE, raise_=_FAILED, break_=_DONE, continue_=_DONE)
        self._start = self._sequence(skeleton, (), _DONE, ways)

    def read(self, history: History) -> Reading:
        """Follow a history along every way that has its records."""
        records = history.records
        reached: list[set[int]] = [self._freely({self._start})]
        taken: list[list[tuple[int, _Step, int]]] = []
        for record in records:
            steps = [
                (state, step, target)
                for state in reached[-1]
                for step in self._states[state].steps
                if (target := step.follow(record)) is not None
            ]
            if not steps:
                break
            taken.append(steps)
            reached.append(self._freely({target for _, _, target in steps}))
        # A last `raise` is no other way out than a last `return`.
        ends = {_DONE, _FAILED} if history.has_failed else {_DONE}
        is_allowed = len(taken) == len(records) and bool(reached[-1] & ends)
        expected = sorted({step.call.name for state in reached[-1] for step in self._states[state].steps if step.call})
        return Reading(
            is_allowed=is_allowed,
            used=self._used(taken, ends) if is_allowed else frozenset(),
            length=len(taken),
            expected=tuple(expected),
        )

    def _used(self, taken: Sequence[list[tuple[int, _Step, int]]], ends: set[int]) -> frozenset[Place]:
        used: set[Place] = set()
        good = self._leading_to(ends)
        for steps in reversed(taken):
            useful = [(state, step) for state, step, target in steps if target in good]
            used.update(step.place for _, step in useful if step.call is not None)
            good = self._leading_to({state for state, _ in useful})
        return frozenset(used)

    def _freely(self, states: set[int]) -> set[int]:
        seen, pending = set(states), list(states)
        while pending:
            for following in self._states[pending.pop()].free:
                if following not in seen:
                    seen.add(following)
                    pending.append(following)
        return seen

    def _leading_to(self, states: set[int]) -> set[int]:
        found = set(states)
        while more := {
            index for index, state in enumerate(self._states) if index not in found and not found.isdisjoint(state.free)
        }:
            found |= more
        return found

    def _new(self, *free: int, steps: Iterable[_Step] = ()) -> int:
        self._states.append(_State(list(free), list(steps)))
        return len(self._states) - 1

    def _sequence(self, skeleton: Skeleton, place: Place, after: int, ways: _Ways) -> int:
        for index, node in reversed(list(enumerate(skeleton))):
            # Whatever stands before a call may raise.
            after = self._new(self._node(node, (*place, index), after, ways), ways.raise_)
        return after

    def _node(self, node: Node, place: Place, after: int, ways: _Ways) -> int:
        match node:
            case Call():
                return self._call(node, place, after, ways)
            case Choice(arms=arms):
                return self._new(*(self._sequence(body, (*place, i), after, ways) for i, (_, body) in enumerate(arms)))
            case Loop(on=on, body=body):
                head = self._new(*([after] if on else []))
                inner = self._sequence(body, (*place, 0), head, replace(ways, break_=after, continue_=head))
                self._states[head].free.append(inner)
                return head
            case Attempt():
                return self._attempt(node, place, after, ways)
            case Patch(name=name, then=then, orelse=orelse):
                patched = self._sequence(then, (*place, 0), after, ways)
                return self._marker(name, patched, self._sequence(orelse, (*place, 1), after, ways), ways)
            case _:
                return self._flat(node, place, after, ways)

    def _flat(self, node: Deprecated | Block | Leave | Opaque, place: Place, after: int, ways: _Ways) -> int:
        match node:
            case Deprecated(name=name):
                return self._marker(name, after, after, ways)
            case Block(body=body):
                return self._sequence(body, (*place, 0), after, replace(ways, return_=after))
            case Opaque():
                anything = self._new(after, ways.raise_)
                self._states[anything].steps.append(_Step(next=anything, error=anything))
                return anything
            case Leave(exit=exit_):
                return {
                    Exit.RETURN: ways.return_,
                    Exit.RAISE: ways.raise_,
                    Exit.BREAK: ways.break_,
                    Exit.CONTINUE: ways.continue_,
                }[exit_]

    def _call(self, call: Call, place: Place, after: int, ways: _Ways) -> int:
        if call.name in _WAITING:
            after = self._new(after, steps=[_Step(next=after, error=ways.raise_, name="DBOS.sleep")])
        return self._new(steps=[_Step(next=after, error=ways.raise_, call=call, place=place)])

    def _marker(self, name: str, with_it: int, without: int, ways: _Ways) -> int:
        return self._new(without, steps=[_Step(next=with_it, error=ways.raise_, name=f"DBOS.patch-{name}")])

    def _attempt(self, node: Attempt, place: Place, after: int, ways: _Ways) -> int:
        last = len(node.handlers) + 1
        if node.finally_:
            after, return_, raise_, break_, continue_ = (
                self._sequence(node.finally_, (*place, last), way, ways)
                for way in (after, ways.return_, ways.raise_, ways.break_, ways.continue_)
            )
            ways = _Ways(return_=return_, raise_=raise_, break_=break_, continue_=continue_)
        caught = [self._sequence(body, (*place, i), after, ways) for i, (_, body) in enumerate(node.handlers, start=1)]
        if not node.handlers or node.handlers[-1][0] not in _CATCH_ALL:
            caught.append(ways.raise_)
        raised = self._new(*caught)
        return self._sequence(node.body, (*place, 0), self._new(after, raised), replace(ways, raise_=raised))


def calls(skeleton: Skeleton, place: Place = ()) -> Iterator[tuple[Place, Call]]:
    """Yield every call of a skeleton with its place."""
    for index, node in enumerate(skeleton):
        if isinstance(node, Call):
            yield (*place, index), node
        for inner, body in enumerate(bodies(node)):
            yield from calls(body, (*place, index, inner))


def unknowns(skeleton: Skeleton) -> Iterator[str]:
    """Yield what a skeleton says of the calls that it cannot tell."""
    for node in skeleton:
        if isinstance(node, Opaque):
            yield node.text
        for body in bodies(node):
            yield from unknowns(body)
