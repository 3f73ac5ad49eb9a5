"""Typed keys: their value type, equality and immutability."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from dbos_typed.api.keys import Event, Stream, Topic, TypedKey


def test_value_type_is_what_stands_in_the_brackets() -> None:
    assert Event[int]("a").value_type is int
    assert Topic[list[str] | None]("a").value_type == list[str] | None
    untyped: Event[int] = Event("a")
    assert untyped.value_type is Any


def test_keys_are_equal_by_class_name_and_value_type() -> None:
    assert Event[int]("a") == Event[int]("a")
    assert hash(Event[int]("a")) == hash(Event[int]("a"))
    assert len({Event[int]("a"), Event[str]("a"), Event[int]("b"), Topic[int]("a"), Stream[int]("a")}) == 5


@pytest.mark.parametrize("name", ["name", "_name", "value_type", "__orig_class__", "other"])
def test_keys_are_immutable(name: str) -> None:
    key = Event[int]("a")
    with pytest.raises(AttributeError, match="immutable"):
        setattr(key, name, "b")
    with pytest.raises(AttributeError, match="immutable"):
        delattr(key, name)
    assert (key.name, key.value_type) == ("a", int)


def test_copies_keep_name_and_value_type() -> None:
    key = Topic[dict[str, int]]("a")
    assert copy.copy(key) == copy.deepcopy(key) == pickle.loads(pickle.dumps(key)) == key
    assert pickle.loads(pickle.dumps(key)).value_type == dict[str, int]


def test_repr_shows_type_and_name() -> None:
    assert repr(Event[int]("a")) == "Event[int]('a')"
    assert repr(Topic[list[int]]("a")) == "Topic[list[int]]('a')"
    untyped: TypedKey[Any] = Topic("a")
    assert repr(untyped) == "Topic('a')"


@pytest.mark.parametrize(
    ("name", "error"), [(3, TypeError), (None, TypeError), ("", ValueError), ("a\ud800", ValueError)]
)
def test_a_name_that_cannot_be_stored_is_refused(name: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="name of a Topic"):
        Topic[int](name)
