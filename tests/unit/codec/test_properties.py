"""Whatever is stored comes back, for annotations and values that nobody thought of."""

# mypy: disable-error-code="valid-type, name-defined"
# The annotations are put together at run time, out of values that mypy takes for types.

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Optional, Union
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbos_typed.codec import Codec
from tests.unit.codec.fidelity import round_trip
from tests.unit.codec.models import Access, Box, Color, Item, Place, Point, Size, Tagged

Values = st.SearchStrategy[Any]
Typed = tuple[Any, Values]

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

NATURAL: dict[object, Values] = {
    type(None): st.none(),
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(),
    str: st.text(st.characters(codec=None, exclude_categories=())) | st.just("$type"),
}
SCALARS: dict[object, Values] = {
    **NATURAL,
    bytes: st.binary(),
    complex: st.complex_numbers(allow_nan=False),
    Decimal: st.decimals(allow_nan=False),
    uuid.UUID: st.uuids(),
    dt.date: st.dates(),
    dt.time: st.times(),
    dt.timedelta: st.timedeltas(),
    dt.datetime: st.datetimes(timezones=st.sampled_from([None, dt.UTC, ZoneInfo("Asia/Kolkata")])),
    Color: st.sampled_from(Color),
    Size: st.sampled_from(Size),
    Access: st.sampled_from(Access),
    Point: st.builds(Point, st.integers(), st.integers()),
}
HASHABLE = {cls: values for cls, values in SCALARS.items() if cls is not complex and cls is not float}

scalars = st.sampled_from(list(SCALARS.items()))
hashables = st.sampled_from(list(HASHABLE.items()))


def _list(inner: Typed) -> Typed:
    return list[inner[0]], st.lists(inner[1], max_size=3)


def _tuple(inner: Typed) -> Typed:
    return tuple[inner[0], ...], st.lists(inner[1], max_size=3).map(tuple)


def _box(inner: Typed) -> Typed:
    return Box[inner[0]], st.builds(Box, inner[1], st.dictionaries(st.text(), inner[1], max_size=2))


def _optional(inner: Typed) -> Typed:
    return Optional[inner[0]], st.none() | inner[1]  # noqa: UP045  # made at run time


def _pair(pair: tuple[Typed, Typed]) -> Typed:
    (left, lefts), (right, rights) = pair
    return tuple[left, right], st.tuples(lefts, rights)


def _union(pair: tuple[Typed, Typed]) -> Typed:
    (left, lefts), (right, rights) = pair
    return Union[left, right], lefts | rights  # noqa: UP007  # made at run time


def _dict(pair: tuple[Typed, Typed]) -> Typed:
    (key, keys), (value, values) = pair
    return dict[key, value], st.dictionaries(keys, values, max_size=3)


def _set(inner: Typed) -> Typed:
    return set[inner[0]], st.sets(inner[1], max_size=3)


def _place(inner: Typed) -> Typed:
    return tuple[inner[0], Place], st.tuples(inner[1], st.builds(Place, st.text(), SCALARS[Point]))


WRAPPERS: list[Callable[[Typed], Typed]] = [_list, _tuple, _box, _optional, _place]


def _wider(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    wrapped = st.one_of([inner.map(wrap) for wrap in WRAPPERS])
    return wrapped | st.one_of(
        st.tuples(inner, inner).map(_pair),
        st.tuples(inner, inner).map(_union),
        st.tuples(hashables, inner).map(_dict),
        hashables.map(_set),
    )


typed_values = st.recursive(scalars, _wider, max_leaves=6).flatmap(lambda typed: st.tuples(st.just(typed[0]), typed[1]))

leaves = st.one_of(list(SCALARS.values()))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text() | st.integers() | st.just("$type"), inner, max_size=4),
        st.sets(st.one_of(list(HASHABLE.values())), max_size=4),
        st.builds(Box, inner),
        st.builds(Tagged, st.dictionaries(st.sampled_from(["$type", "value", "items"]), inner)),
    ),
    max_leaves=12,
)


def _knowing() -> Codec:
    codec = Codec()
    codec.know_module(Item.__module__)
    return codec


@QUICK
@given(typed_values)
def test_typed_values_round_trip(typed: tuple[object, object]) -> None:
    annotation, value = typed
    round_trip(annotation, value)


@QUICK
@given(trees)
def test_untyped_trees_round_trip(tree: object) -> None:
    round_trip(Any, tree, _knowing())


@QUICK
@given(typed_values, trees)
def test_trees_round_trip_under_annotations_that_they_do_not_match(typed: tuple[object, object], tree: object) -> None:
    round_trip(typed[0], tree, _knowing())
