"""Skeletons as graphs: from each point, which recorded call or decision comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from dbos_gen.vocabulary.contracts import (
    Attempt,
    Block,
    Call,
    Choice,
    Deprecated,
    Exit,
    Leave,
    Loop,
    Node,
    Opaque,
    Patch,
    Skeleton,
)

END = 0
_CATCH_ALL = ("", "Exception", "BaseException")


@dataclass(frozen=True, slots=True)
class End:
    """The workflow has ended, with a result or an error."""


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded call; ``error`` is where its exception leads."""

    call: Call
    next: int
    error: int


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision; two decisions with equal keys go the same way in one run."""

    key: tuple[str, str, tuple[str, ...]]
    arms: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AtPatch:
    """``DBOS.patch``: with the marker, or without it."""

    name: str
    then: int
    orelse: int


@dataclass(frozen=True, slots=True)
class AtDeprecated:
    """``DBOS.deprecate_patch``."""

    name: str
    next: int


@dataclass(frozen=True, slots=True)
class AtOpaque:
    """Something that cannot be followed."""

    text: str
    next: int


Point: TypeAlias = End | Take | Decide | AtPatch | AtDeprecated | AtOpaque


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """Where the ways to leave a sequence lead."""

    return_: int
    raise_: int
    break_: int
    continue_: int


class Graph:
    """The points of one skeleton; ``start`` is the first, ``END`` the end."""

    def __init__(self, skeleton: Skeleton) -> None:
        self._points: list[Point] = [End()]
        self.start = self._sequence(skeleton, END, _Ways(return_=END, raise_=END, break_=END, continue_=END))
        self._reachable: dict[int, frozenset[tuple[str, str, tuple[str, ...]]]] = {}

    def __getitem__(self, place: int) -> Point:
        """Return a point."""
        return self._points[place]

    def decisions_from(self, place: int) -> frozenset[tuple[str, str, tuple[str, ...]]]:
        """Return the keys of the decisions that may follow a point, its own included."""
        if place not in self._reachable:
            seen = {place}
            pending = [place]
            while pending:
                for following in _next(self._points[pending.pop()]):
                    if following not in seen:
                        seen.add(following)
                        pending.append(following)
            points = (self._points[index] for index in seen)
            self._reachable[place] = frozenset(point.key for point in points if isinstance(point, Decide))
        return self._reachable[place]

    def _add(self, point: Point) -> int:
        self._points.append(point)
        return len(self._points) - 1

    def _sequence(self, skeleton: Skeleton, after: int, ways: _Ways) -> int:
        for node in reversed(skeleton):
            after = self._node(node, after, ways)
        return after

    def _node(self, node: Node, after: int, ways: _Ways) -> int:
        match node:
            case Call():
                return self._add(Take(node, after, ways.raise_))
            case Choice():
                arms = tuple((label, self._sequence(body, after, ways)) for label, body in node.arms)
                return self._add(Decide((node.keyword, node.on, node.given), arms))
            case Loop():
                return self._loop(node, after, ways)
            case Attempt():
                return self._attempt(node, after, ways)
            case Patch(name=name, then=then, orelse=orelse):
                return self._add(AtPatch(name, self._sequence(then, after, ways), self._sequence(orelse, after, ways)))
            case _:
                return self._flat(node, after, ways)

    def _flat(self, node: Block | Deprecated | Opaque | Leave, after: int, ways: _Ways) -> int:
        match node:
            case Block(body=body):
                return self._sequence(body, after, replace(ways, return_=after))
            case Deprecated(name=name):
                return self._add(AtDeprecated(name, after))
            case Opaque(text=text):
                return self._add(AtOpaque(text, after))
            case Leave(exit=exit_):
                return {
                    Exit.RETURN: ways.return_,
                    Exit.RAISE: ways.raise_,
                    Exit.BREAK: ways.break_,
                    Exit.CONTINUE: ways.continue_,
                }[exit_]

    def _loop(self, node: Loop, after: int, ways: _Ways) -> int:
        head = self._add(End())
        body = self._sequence(node.body, head, replace(ways, break_=after, continue_=head))
        if node.on:
            arms = (("again", body), ("done", after))
            self._points[head] = Decide((node.keyword, node.on, node.given), arms)
            return head
        # Nothing decides about another round: the head is only a name for the body's first point.
        self._points[head] = Decide(("while", "", ()), (("again", body),)) if body != head else End()
        return head

    def _attempt(self, node: Attempt, after: int, ways: _Ways) -> int:
        if node.finally_:
            after = self._sequence(node.finally_, after, ways)
            ways = _Ways(
                return_=self._sequence(node.finally_, ways.return_, ways),
                raise_=self._sequence(node.finally_, ways.raise_, ways),
                break_=self._sequence(node.finally_, ways.break_, ways),
                continue_=self._sequence(node.finally_, ways.continue_, ways),
            )
        if not node.handlers:
            return self._sequence(node.body, after, ways)
        arms = [(label, self._sequence(body, after, ways)) for label, body in node.handlers]
        if node.handlers[-1][0] not in _CATCH_ALL:
            arms.append(("otherwise", ways.raise_))
        key = ("except", ", ".join(label for label, _ in node.handlers), ())
        return self._sequence(node.body, after, replace(ways, raise_=self._add(Decide(key, tuple(arms)))))


def _next(point: Point) -> tuple[int, ...]:
    match point:
        case End():
            return ()
        case Take(next=following, error=error):
            return following, error
        case Decide(arms=arms):
            return tuple(place for _, place in arms)
        case AtPatch(then=then, orelse=orelse):
            return then, orelse
        case AtDeprecated(next=following) | AtOpaque(next=following):
            return (following,)
