"""The failed attempts of a step: told and remembered, both within bounds however many there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import cast

FIRST = 10
LAST = 10
"""Of more attempts than both together, the errors in between are left out."""
WITH_TRACEBACK = 3
"""Of the last errors: a traceback holds the frames of a whole attempt, and what their variables refer to."""
TOLD = 10
"""Attempts that are each warned of; from then on every one whose number is a power of two is."""


class Failures:
    """The errors of the attempts so far: all of a few, the first and the last ones of many."""

    def __init__(self) -> None:
        self._first: list[Exception] = []
        self._last: deque[Exception] = deque(maxlen=LAST)
        self._traced: deque[Exception] = deque()
        self._count = 0

    def add(self, error: Exception) -> None:
        """Remember the error of the next attempt."""
        self._count += 1
        if len(self._first) < FIRST:
            self._first.append(error)
        else:
            self._last.append(error)
        self._traced.append(error)
        if len(self._traced) > WITH_TRACEBACK:
            _forget_frames(self._traced.popleft())

    @property
    def last(self) -> Exception:
        """The error of the latest attempt; there has to be one."""
        return self._traced[-1]

    @property
    def kept(self) -> list[Exception]:
        """The errors in the order of their attempts."""
        return [*self._first, *self._last]

    @property
    def omitted(self) -> int:
        """How many errors are left out, all after the first FIRST of those that are kept."""
        return self._count - len(self._first) - len(self._last)


def is_told(attempt: int) -> bool:
    """Whether the failure of this attempt is worth a warning: of thousands a few lines have to do."""
    return attempt <= TOLD or attempt & (attempt - 1) == 0


def _forget_frames(error: BaseException) -> None:
    """Take the tracebacks from an error and from those that it tells of."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = None
            waiting.extend(_parts(one))


def _parts(error: BaseException) -> Iterator[BaseException]:
    if error.__cause__ is not None:
        yield error.__cause__
    if error.__context__ is not None:
        yield error.__context__
    if isinstance(error, BaseExceptionGroup):
        yield from cast("BaseExceptionGroup[BaseException]", error).exceptions
