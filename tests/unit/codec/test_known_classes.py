"""Stored text names only classes that registered code reaches, and nothing is imported to find them."""

import enum
import sys
from collections.abc import Iterator
from dataclasses import dataclass, make_dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from dbos_typed.codec import Codec
from dbos_typed.error import DBOSSerializationError
from tests.unit.codec.models import Box, Color, Item, Point, SpecialItem


@pytest.fixture
def stranger() -> Iterator[ModuleType]:
    """A loaded module with a dataclass `Thing` and an enum `Kind`, which nobody registered."""
    module = ModuleType("stranger_module")
    thing: Any = make_dataclass("Thing", [("number", int)])
    thing.__module__ = module.__name__
    kind: Any = enum.Enum("Kind", {"A": 1}, module=module.__name__)  # type: ignore[misc]  # named like a class
    vars(module).update(Thing=thing, Kind=kind)
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


@pytest.mark.parametrize("value", [Item("a", Decimal(1)), Color.RED])
def test_unknown_class_in_an_untyped_position_is_refused_with_the_remedy(value: object) -> None:
    with pytest.raises(DBOSSerializationError, match="annotation of the parameter or result"):
        Codec().plan(Any, where="a test").encode(value)


def test_class_is_known_from_an_annotation_compiled_before() -> None:
    codec = Codec()
    codec.plan(dict[str, list[Item | None]], where="a test")
    plan = codec.plan(Any, where="a test")
    assert plan.decode(plan.encode((Item("a", Decimal(1)),))) == (Item("a", Decimal(1)),)


def test_class_becomes_known_after_it_was_refused() -> None:
    codec = Codec()
    plan = codec.plan(Any, where="a test")
    with pytest.raises(DBOSSerializationError):
        plan.encode(Point(1, 2))
    codec.know_class(Point)
    assert plan.decode(plan.encode(Point(1, 2))) == Point(1, 2)


def test_class_is_known_from_a_registered_module_that_defines_it(stranger: ModuleType) -> None:
    codec = Codec()
    codec.know_module(stranger.__name__)
    plan = codec.plan(Any, where="a test")
    for value in (stranger.Thing(1), stranger.Kind.A):
        assert plan.decode(plan.encode(value)) == value


def test_class_is_known_from_a_registered_module_that_imports_it(stranger: ModuleType) -> None:
    user = ModuleType("user_module")
    user.__dict__["Thing"] = stranger.Thing
    sys.modules["user_module"] = user
    try:
        codec = Codec()
        codec.know_module("user_module")
        plan = codec.plan(Any, where="a test")
        assert plan.decode(plan.encode(stranger.Thing(1))) == stranger.Thing(1)
        with pytest.raises(DBOSSerializationError):
            plan.encode(stranger.Kind.A)
        user.__dict__["stranger"] = stranger
        assert plan.decode(plan.encode(stranger.Kind.A)) is stranger.Kind.A
    finally:
        del sys.modules["user_module"]


def test_text_that_names_an_unknown_class_is_refused(stranger: ModuleType) -> None:
    plan = Codec().plan(Any, where="a test")
    with pytest.raises(DBOSSerializationError, match=r"'stranger_module:Thing' is unknown here"):
        plan.decode('{"$type":"object","class":"stranger_module:Thing","value":{"number":1}}')


@pytest.mark.parametrize(
    "ref", ["this:Zen", "tests.unit.codec.models:Item.__init__", "tests.unit.codec.models:Any", ":"]
)
def test_nothing_is_imported_or_called_for_stored_text(ref: str) -> None:
    codec = Codec()
    codec.know_module("tests.unit.codec.models")
    with pytest.raises(DBOSSerializationError, match="unknown here"):
        codec.plan(Any, where="a test").decode(f'{{"$type":"object","class":"{ref}","value":{{}}}}')
    assert "this" not in sys.modules


def test_text_of_a_class_that_cannot_be_stored_is_refused() -> None:
    codec = Codec()
    codec.know_module("threading")
    with pytest.raises(DBOSSerializationError, match="Thread cannot be stored"):
        codec.plan(Any, where="a test").decode('{"$type":"object","class":"threading:Thread","value":{}}')


def test_subclass_of_an_annotated_class_is_known() -> None:
    codec = Codec()
    plan = codec.plan(Item, where="a test")
    text = plan.encode(SpecialItem("a", Decimal(1), note="n"))
    back = Codec().plan(Item, where="a test").decode(text)
    assert back == SpecialItem("a", Decimal(1), note="n")
    assert type(back) is SpecialItem


def test_local_class_round_trips_where_it_is_annotated_and_is_refused_elsewhere() -> None:
    @dataclass
    class Local:
        number: int

    codec = Codec()
    codec.know_module(__name__)
    with pytest.raises(DBOSSerializationError):
        codec.plan(Any, where="a test").encode(Local(1))
    plan = codec.plan(Local, where="a test")
    assert plan.decode(plan.encode(Local(1))) == Local(1)


def test_two_classes_of_one_name_are_not_confused() -> None:
    def make() -> Any:
        @dataclass
        class Local:
            number: int

        return Local

    first, second = make(), make()
    codec = Codec()
    plans = codec.plan(first, where="a test"), codec.plan(second, where="a test")
    assert type(plans[0].decode(plans[0].encode(first(1)))) is first
    assert type(plans[1].decode(plans[1].encode(second(1)))) is second
    with pytest.raises(DBOSSerializationError):
        codec.plan(Any, where="a test").encode(first(1))


def test_union_of_one_generic_class_with_different_arguments_keeps_the_values_types() -> None:
    plan = Codec().plan(Box[int] | Box[Decimal] | None, where="a test")
    for content in (1, Decimal(1), "x"):
        back = plan.decode(plan.encode(Box(content)))
        assert type(back.content) is type(content)
