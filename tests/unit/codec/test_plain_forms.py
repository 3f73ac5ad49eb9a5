"""What is stored is readable, and stays readable by later versions."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dbos_typed.codec import Codec, UndecodableValue
from dbos_typed.error import DBOSSerializationError
from tests.unit.codec.models import Access, Color, Item, Options, Order, Place, Point, SpecialItem


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (int, 1, "1"),
        (str, "a", '"a"'),
        (None, None, "null"),
        (float, 1.0, "1.0"),
        (float, 1, "1"),
        (Decimal, Decimal("1.20"), '"1.20"'),
        (Decimal, "1.20", '{"$type":"any","value":"1.20"}'),
        (Decimal | None, None, "null"),
        (Decimal | str, "1.20", '"1.20"'),
        (Decimal | str, Decimal("1.20"), '{"$type":"decimal","value":"1.20"}'),
        (int | Decimal, Decimal("1.20"), '"1.20"'),
        (date | Decimal, Decimal("1.20"), '{"$type":"decimal","value":"1.20"}'),
        (uuid.UUID, uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (datetime, datetime(2024, 1, 2, tzinfo=UTC), '"2024-01-02T00:00:00+00:00"'),
        (timedelta, timedelta(hours=1), '"P0DT3600.000000S"'),
        (bytes, b"abc", '"YWJj"'),
        (Color, Color.RED, '"RED"'),
        (Access, Access.READ | Access.WRITE, "3"),
        (tuple[int, str], (1, "a"), '[1,"a"]'),
        (list[int], (1,), '{"$type":"tuple","items":[1]}'),
        (tuple[int, ...], [1], '{"$type":"any","value":[1]}'),
        (set[int], {2, 1}, "[1,2]"),
        (dict[int, str], {1: "a"}, '{"1":"a"}'),
        (dict[Color, int], {Color.RED: 1}, '{"RED":1}'),
        (Point, Point(1, 2), '{"x":1,"y":2}'),
        (Point | None, Point(1, 2), '{"x":1,"y":2}'),
        (Place, Place("a", Point(1, 2)), '{"name":"a","at":{"x":1,"y":2},"rating":1.0}'),
        (Options, {"depth": 1, "price": Decimal(2)}, '{"depth":1,"price":"2"}'),
        (Any, {"a": [1, None]}, '{"a":[1,null]}'),
        (Any, {"$type": 1}, '{"$type":"dict","items":[["$type",1]]}'),
    ],
)
def test_stored_form(annotation: object, value: object, text: str) -> None:
    assert Codec().plan(annotation, where="a test").encode(value) == text


def test_class_is_named_only_where_the_annotation_does_not_say_it() -> None:
    plan = Codec().plan(list[Item], where="a test")
    assert plan.encode([Item("a", Decimal(1))]) == '[{"sku":"a","price":"1","tags":[]}]'
    assert '"class":"tests.unit.codec.models:SpecialItem"' in plan.encode([SpecialItem("a", Decimal(1))])


def test_field_added_later_gets_its_default() -> None:
    plan = Codec().plan(Item, where="a test")
    assert plan.decode('{"sku":"a","price":"1"}') == Item("a", Decimal(1), set())


def test_field_added_later_without_default_is_an_error_that_says_so() -> None:
    plan = Codec().plan(Order, where="result of step 'buy'", root="result")
    with pytest.raises(
        DBOSSerializationError, match=r"result\.items.* before the class had this field.* default"
    ) as caught:
        plan.decode('{"number":1}')
    assert caught.value.path == "result.items"


def test_removed_field_is_ignored() -> None:
    assert Codec().plan(Point, where="a test").decode('{"x":1,"y":2,"z":3}') == Point(1, 2)


def test_removed_enum_member_is_an_error_that_names_it() -> None:
    with pytest.raises(DBOSSerializationError, match="no member 'BLUE'"):
        Codec().plan(Color, where="a test").decode('"BLUE"')


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"$type":"strange"}', '{"$type":"decimal"}', '"1', "[1] 2"])
def test_damaged_text_is_a_serialization_error(text: str) -> None:
    plan = Codec().plan(Any, where="a test")
    with pytest.raises(DBOSSerializationError, match="a test"):
        plan.decode(text)
    undecodable = plan.try_decode(text)
    assert isinstance(undecodable, UndecodableValue)
    assert undecodable.text == text
    assert undecodable.reason


@pytest.mark.parametrize(
    ("annotation", "text"), [(Decimal, '"x"'), (Item, "{}"), (tuple[int, int], "[1]"), (Access, "99")]
)
def test_text_that_does_not_fit_the_annotation_is_a_serialization_error(annotation: object, text: str) -> None:
    with pytest.raises(DBOSSerializationError):
        Codec().plan(annotation, where="a test").decode(text)


def test_white_space_around_stored_text_does_not_matter() -> None:
    assert Codec().plan(Point, where="a test").decode(' {"x": 1, "y": 2}\n') == Point(1, 2)


def test_replay_gives_the_value_itself_only_when_it_cannot_change() -> None:
    codec = Codec()
    point = Point(1, 2)
    pair = (point, "a", frozenset({1}))
    assert codec.plan(Point, where="a test").replay(point)[1] is point
    assert codec.plan(tuple[Point, str, frozenset[int]], where="a test").replay(pair)[1] is pair
    values = [1]
    back = codec.plan(list[int], where="a test").replay(values)[1]
    assert back == values
    assert back is not values
    order = Order(number=1, items=[])
    assert codec.plan(Order, where="a test").replay(order)[1] is not order
