"""Failed attempts: remembered and told within bounds."""

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbos_typed.core.ops.failures import FIRST, LAST, TOLD, WITH_TRACEBACK, Failures, is_told


class Held:
    """Stands for what the variables of an attempt refer to."""


def _failed(number: int, held: "weakref.WeakSet[Held]") -> Exception:
    variable = Held()
    held.add(variable)
    with pytest.raises(ExceptionGroup) as caught:
        _fail(number)
    return caught.value


def _fail(number: int) -> None:
    try:
        next(iter(()))
    except StopIteration as cause:
        raise ExceptionGroup(f"attempt {number}", [ValueError(number)]) from cause


@given(count=st.integers(1, 60))
def test_first_and_last_errors_are_kept_in_order(count: int) -> None:
    failures = Failures()
    errors = [ValueError(number) for number in range(count)]
    for error in errors:
        failures.add(error)
    kept = failures.kept
    assert failures.last is errors[-1]
    assert kept == (errors if count <= FIRST + LAST else errors[:FIRST] + errors[-LAST:])
    assert failures.omitted == count - len(kept)


def test_only_the_last_errors_hold_their_frames() -> None:
    held: weakref.WeakSet[Held] = weakref.WeakSet()
    failures = Failures()
    for number in range(100):
        failures.add(_failed(number, held))
    gc.collect()
    assert len(held) == WITH_TRACEBACK
    assert [error.__traceback__ is not None for error in failures.kept] == [False] * 17 + [True] * 3
    assert all(isinstance(error.__cause__, StopIteration) for error in failures.kept)


def test_error_that_is_raised_in_every_attempt_does_not_grow() -> None:
    error = ValueError("always the same")
    failures = Failures()
    for _ in range(100):
        try:
            raise error
        except ValueError as caught:
            failures.add(caught)
    assert failures.kept == [error] * (FIRST + LAST)
    assert error.__traceback__ is None


def test_errors_that_tell_of_each_other_end_the_search() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__context__ = other, one
    failures = Failures()
    for error in (one, *(ValueError(number) for number in range(WITH_TRACEBACK))):
        failures.add(error)
    assert one.__traceback__ is other.__traceback__ is None


@pytest.mark.parametrize("attempts", [1, TOLD, 1000, 20_000])
def test_attempts_that_are_told(attempts: int) -> None:
    told = [attempt for attempt in range(1, attempts + 1) if is_told(attempt)]
    assert told[:TOLD] == list(range(1, min(attempts, TOLD) + 1))
    assert len(told) <= TOLD + 11
