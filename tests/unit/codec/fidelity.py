"""Equality that does not forgive: types count, at every depth."""

import dataclasses
import math
from collections import deque
from collections.abc import Iterable

from dbos_typed.codec import Codec


def is_same(left: object, right: object) -> bool:
    """Whether two values are equal and of the same types throughout, NaN and the sign of zero included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return _are_same(left.items(), right.items())
    if isinstance(left, list | tuple | deque) and isinstance(right, list | tuple | deque):
        return getattr(left, "maxlen", None) == getattr(right, "maxlen", None) and _are_same(left, right)
    if isinstance(left, set | frozenset) and isinstance(right, set | frozenset):
        return _are_same(sorted(left, key=_sort_key), sorted(right, key=_sort_key))
    if dataclasses.is_dataclass(left) and not isinstance(left, type):
        names = [field.name for field in dataclasses.fields(left)]
        return all(is_same(getattr(left, name), getattr(right, name)) for name in names)
    return left == right


def _are_same(left: Iterable[object], right: Iterable[object]) -> bool:
    left, right = list(left), list(right)
    return len(left) == len(right) and all(map(is_same, left, right))


def _sort_key(value: object) -> str:
    return f"{type(value).__qualname__} {value!r}"


def round_trip(annotation: object, value: object, codec: Codec | None = None) -> object:
    """Encode and decode, and check on the way that nothing changed."""
    plan = (codec or Codec()).plan(annotation, where="a test")
    text = plan.encode(value)
    assert text.isascii()
    back = plan.decode(text)
    assert is_same(back, value), f"{value!r} came back as {back!r} from {text}"
    assert plan.encode(back) == text
    replayed_text, replayed = plan.replay(value)
    assert replayed_text == text
    assert is_same(replayed, value)
    return back
