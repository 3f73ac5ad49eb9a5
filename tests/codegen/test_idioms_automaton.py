"""Which histories a skeleton allows, and which of its calls they use."""

import pytest

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
    Opaque,
    Patch,
    Skeleton,
)
from tests.codegen.idioms.automaton import Automaton, calls, unknowns
from tests.codegen.idioms.running import History, Record


def _step(name: str) -> Call:
    return Call(kind=CallKind.STEP, name=name)


_A, _B, _C = _step("a"), _step("b"), _step("c")
_CHILD = (Call(kind=CallKind.WORKFLOW, name="w"), Call(kind=CallKind.OPERATION, name="DBOS.getResult"))
_RECV = Call(kind=CallKind.OPERATION, name="DBOS.recv")
_IF: Skeleton = (Choice(keyword="if", on="x", arms=(("then", (_A,)), ("else", (_B,)))), _C)
_FOR: Skeleton = (Loop(keyword="for", on="x in xs", body=(_A,)), _B)
_ENDLESS: Skeleton = (Loop(keyword="while", on="", body=(_A,)), _B)
_BREAK = Choice(keyword="if", on="x", arms=(("then", (Leave(exit=Exit.BREAK),)), ("else", ())))
_LEFT: Skeleton = (Loop(keyword="while", on="", body=(_A, _BREAK)), _B)
_TRY: Skeleton = (Attempt(body=(_A, _B), handlers=(("ValueError", (_C,)),)),)
_CATCHES_ALL: Skeleton = (Attempt(body=(_A,), handlers=(("", (_C,)),)), _B)
_FINALLY: Skeleton = (Attempt(body=(_A, Leave(exit=Exit.RETURN)), finally_=(_C,)), _B)
_BLOCK: Skeleton = (Block(body=(_A, Leave(exit=Exit.RETURN), _B)), _C)
_PATCH: Skeleton = (Patch(name="p", then=(_A,), orelse=(_B,)), _C)


def _history(text: str) -> History:
    """Return a history of names; `!` stands behind one that failed, `>` before a child, `failed` at the end."""
    words = text.split()
    has_failed = words[-1:] == ["failed"]
    records = tuple(
        Record(name=word.strip(">!"), is_child=word.startswith(">"), has_error=word.endswith("!"))
        for word in words[: len(words) - has_failed]
    )
    return History(workflow="w", run="", records=records, has_failed=has_failed)


@pytest.mark.parametrize(
    ("skeleton", "history"),
    [
        ((), ""),
        ((_A, _B), "a b"),
        ((_A, _B), "a! failed"),
        ((_A, _B), "a failed"),
        (_CHILD, ">w >DBOS.getResult"),
        ((_RECV,), "DBOS.recv"),
        ((_RECV,), "DBOS.recv DBOS.sleep"),
        (_IF, "a c"),
        (_IF, "b c"),
        (_FOR, "b"),
        (_FOR, "a a b"),
        (_LEFT, "a a b"),
        (_TRY, "a b"),
        (_TRY, "a! c"),
        (_TRY, "a b! c"),
        (_TRY, "a c"),
        (_TRY, "a! failed"),
        (_CATCHES_ALL, "a! c b"),
        (_FINALLY, "a c"),
        (_FINALLY, "a! c failed"),
        (_BLOCK, "a c"),
        (_PATCH, "DBOS.patch-p a c"),
        (_PATCH, "b c"),
        ((Deprecated(name="p"), _A), "a"),
        ((Deprecated(name="p"), _A), "DBOS.patch-p a"),
        ((Opaque(text="f"), _A), "x >y z! a"),
        ((Opaque(text="f"), _A), "a"),
    ],
)
def test_a_history_that_the_skeleton_makes_is_allowed(skeleton: Skeleton, history: str) -> None:
    assert Automaton(skeleton).read(_history(history)).is_allowed


@pytest.mark.parametrize(
    ("skeleton", "history", "length", "expected"),
    [
        ((), "a", 0, ()),
        ((_A, _B), "a", 1, ("b",)),
        ((_A, _B), "b a", 0, ("a",)),
        ((_A, _B), "a b b", 2, ()),
        ((_A, _B), "a! b", 1, ()),
        ((_A,), ">a", 0, ("a",)),
        (_CHILD, "w DBOS.getResult", 0, ("w",)),
        ((_A,), "a DBOS.sleep", 1, ()),
        (_IF, "a b c", 1, ("c",)),
        (_IF, "c", 0, ("a", "b")),
        (_FOR, "a a", 2, ("a", "b")),
        (_ENDLESS, "a b", 1, ("a",)),
        (_LEFT, "b", 0, ("a",)),
        (_TRY, "a! b", 1, ("c",)),
        (_CATCHES_ALL, "a! b", 1, ("c",)),
        (_FINALLY, "a c b", 2, ()),
        (_BLOCK, "a b c", 1, ("c",)),
        (_PATCH, "a c", 0, ("b",)),
        (_PATCH, "DBOS.patch-q a c", 0, ("b",)),
        ((Opaque(text="f"), _A), "x", 1, ("a",)),
    ],
)
def test_another_history_is_not_allowed(
    skeleton: Skeleton, history: str, length: int, expected: tuple[str, ...]
) -> None:
    found = Automaton(skeleton).read(_history(history))
    assert not found.is_allowed
    assert (found.length, found.expected) == (length, expected)


@pytest.mark.parametrize(
    ("skeleton", "history", "used"),
    [
        (_IF, "a c", {(0, 0, 0), (1,)}),
        (_FOR, "b", {(1,)}),
        (_FOR, "a a b", {(0, 0, 0), (1,)}),
        (_TRY, "a! c", {(0, 0, 0), (0, 1, 0)}),
        (_FINALLY, "a c", {(0, 0, 0), (0, 1, 0)}),
        ((Opaque(text="f"), _A), "x a", {(1,)}),
    ],
)
def test_the_calls_that_a_history_uses_are_known_by_their_places(
    skeleton: Skeleton, history: str, used: set[tuple[int, ...]]
) -> None:
    assert Automaton(skeleton).read(_history(history)).used == used
    assert used <= {place for place, _ in calls(skeleton)}


def test_every_call_and_every_unknown_is_found_at_any_depth() -> None:
    skeleton: Skeleton = (*_IF, Loop(keyword="for", on="x", body=(Block(body=(Opaque(text="f"), _A)),)))
    assert [(place, call.name) for place, call in calls(skeleton)] == [
        ((0, 0, 0), "a"),
        ((0, 1, 0), "b"),
        ((1,), "c"),
        ((2, 0, 0, 0, 1), "a"),
    ]
    assert list(unknowns(skeleton)) == ["f"]
