"""Values that match their annotation come back equal and of the same types."""

import re
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv6Network
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Final, Literal, NewType, TypeVar
from zoneinfo import ZoneInfo

import pytest

from dbos_typed.codec import Codec
from tests.unit.codec.fidelity import is_same, round_trip
from tests.unit.codec.models import (
    Access,
    Account,
    Bits,
    Box,
    Cached,
    Checked,
    Color,
    Customer,
    DecimalBox,
    Derived,
    Frozen,
    Greeting,
    Item,
    Json,
    Linked,
    Loose,
    Message,
    NamedPlace,
    Options,
    Order,
    Pair,
    Pairs,
    Place,
    Point,
    Shape,
    Size,
    SpecialItem,
    Square,
    Tagged,
    Tree,
    Vip,
    Word,
    Wrapper,
)

UserId = NewType("UserId", int)
Bounded = TypeVar("Bounded", bound=Item)
Constrained = TypeVar("Constrained", int, Decimal)

BERLIN = ZoneInfo("Europe/Berlin")
NAMED_ZONE = timezone(timedelta(hours=5, minutes=30), "here")
ODD_ZONE = timezone(timedelta(hours=-3, seconds=7, microseconds=5))

CASES: list[tuple[object, object]] = [
    (None, None),
    (bool, True),
    (int, -(2**70)),
    (int, 10**5000),
    (int, -(10**700)),
    (float, 0.1),
    (float, -0.0),
    (float, float("nan")),
    (float, float("-inf")),
    (float, 5e-324),
    (complex, complex(1.5, float("inf"))),
    (str, ""),
    (str, "nul \x00, ä, 💥, \u2028"),
    (str, "\ud800 alone"),
    (str, "\ud83d\ude00 two halves"),
    (str, "long " * 200_000),
    (bytes, b"\x00\xff"),
    (bytearray, bytearray(b"abc")),
    (Decimal, Decimal("1.20")),
    (Decimal, Decimal("-0E+10")),
    (Decimal, Decimal("Infinity")),
    (uuid.UUID, uuid.UUID(int=7)),
    (uuid.UUID, uuid.UUID(int=7, is_safe=uuid.SafeUUID.safe)),
    (datetime, datetime(2024, 2, 29, 12, 30, 1, 5)),  # noqa: DTZ001  # without a zone on purpose
    (datetime, datetime(2024, 2, 29, tzinfo=UTC)),
    (datetime, datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=BERLIN)),
    (datetime, datetime(2024, 10, 27, 2, 30, fold=1)),  # noqa: DTZ001  # without a zone on purpose
    (datetime, datetime(2024, 1, 1, tzinfo=NAMED_ZONE)),
    (datetime, datetime(2024, 1, 1, tzinfo=ODD_ZONE)),
    (date, date(1, 1, 1)),
    (time, time(23, 59, 59, 999999)),
    (time, time(2, 30, tzinfo=BERLIN, fold=1)),
    (timedelta, timedelta(days=-3, microseconds=1)),
    (timedelta, timedelta.max),
    (tzinfo, BERLIN),
    (timezone, NAMED_ZONE),
    (ZoneInfo, BERLIN),
    (Path, Path("/tmp/x y")),
    (Path, Path("bad\udcff")),
    (PurePath, PurePosixPath("a/b")),
    (PureWindowsPath, PureWindowsPath(r"C:\x")),
    (re.Pattern[str], re.compile(r"(?i)a+", re.MULTILINE)),
    (re.Pattern[bytes], re.compile(rb"\xff")),
    (range, range(1, 10**700, 3)),
    (Fraction, Fraction(1, 3)),
    (IPv4Address, IPv4Address("10.0.0.1")),
    (IPv6Network, IPv6Network("fe80::/64")),
    (list, [1, "a", (2, b"x")]),
    (list[int], [1, 2]),
    (list[Decimal], [Decimal(1), Decimal("2.0")]),
    (Sequence[Decimal], [Decimal(1)]),
    (Sequence[Decimal], (Decimal(1), Decimal(2))),
    (Iterable[Item], [Item("a", Decimal(1))]),
    (tuple, (1, (2,))),
    (tuple[()], ()),
    (tuple[int, ...], (1, 2, 3)),
    (tuple[int, Decimal, str], (1, Decimal(2), "x")),
    (tuple[int, *tuple[str, ...]], (1, "a", "b")),
    (set[int], {3, 1, 2}),
    (set[Decimal | None], {Decimal(1), None}),
    (AbstractSet[uuid.UUID], {uuid.UUID(int=1)}),
    (frozenset[tuple[int, str]], frozenset({(1, "a"), (2, "b")})),
    (deque[Decimal], deque([Decimal(1)])),
    (deque[int], deque([1, 2], maxlen=2)),
    (dict, {"a": 1, 2: "b"}),
    (dict[str, int], {"b": 1, "a": 2}),
    (dict[str, Decimal], {"$type": Decimal(1)}),
    (dict[str, int], {"$type": 1, "value": 2}),
    (dict[str, int], {"\ud83d\ude00": 1}),
    (dict[int, Decimal], {1: Decimal(1), -5: Decimal(2)}),
    (dict[int, int], {10**700: 1}),
    (dict[uuid.UUID, int], {uuid.UUID(int=1): 1}),
    (dict[Color, int], {Color.RED: 1}),
    (dict[Access, int], {Access.READ | Access.WRITE: 1}),
    (dict[tuple[int, int], Item], {(1, 2): Item("a", Decimal(1))}),
    (dict[Literal["a", "b"], Decimal], {"a": Decimal(1)}),
    (dict[date, str], {date(2024, 1, 1): "x"}),
    (dict[float, str], {1.5: "x"}),
    (dict[bool, str], {True: "x"}),
    (Mapping[str, Item], {"x": Item("a", Decimal(1))}),
    (MutableMapping[int, bytes], {1: b"x"}),
    (OrderedDict[str, int], OrderedDict(b=1, a=2)),
    (defaultdict[str, list[int]], defaultdict(list, {"a": [1]})),
    (defaultdict[str, int], defaultdict(None, {"a": 1})),
    (Counter[str], Counter({"a": 2, "b": -1})),
    (Color, Color.GREEN),
    (Color, Color.CRIMSON),
    (Size, Size.L),
    (Word, Word.YES),
    (Access, Access.READ | Access.WRITE),
    (Access, Access(0)),
    (Bits, Bits.A | Bits.B | 64),
    (Literal["a", 1] | None, "a"),
    (Literal[Color.RED], Color.RED),
    (Annotated[Decimal, {"unhashable": []}], Decimal(1)),
    (Final[Decimal], Decimal(1)),
    (UserId, UserId(3)),
    (Bounded, Item("a", Decimal(1))),
    (Constrained, Decimal(1)),
    (Item, Item("a", Decimal("1.50"), {"x", "y"})),
    (Order, Order(number=1, items=[Item("a", Decimal(1)), SpecialItem("b", Decimal(2))], color=Color.RED, extra=(1,))),
    (Tree, Tree("root", [Tree("leaf", next=Tree("last"))])),
    (Box[int], Box(1, {"a": 2})),
    (Box[Decimal], Box(Decimal(1), {"a": Decimal(2)})),
    (Box, Box(Decimal(1))),
    (Box[Box[Decimal]], Box(Box(Decimal(1)))),
    (DecimalBox, DecimalBox(Decimal(1), {"a": Decimal(2)}, "label")),
    (Pair[int, Pair[str, Decimal]], Pair(1, Pair("x", Decimal(1)))),
    (Tagged, Tagged({"$type": "decimal", "value": "1"})),
    (Place, Place("home", Point(1, 2))),
    (NamedPlace, NamedPlace("home", Point(1, 2))),
    (Place, NamedPlace("home", Point(1, 2))),
    (Options, {"depth": 1, "price": Decimal(2)}),
    (Options, {"depth": 1, "unknown": (1, 2)}),
    (Options, {"price": Decimal(2)}),
    (Shape, Square(2.0)),
    (Message, Greeting("hi")),
    (list[Message], [Greeting("hi")]),
    (Item, SpecialItem("b", Decimal(2), note="n")),
    (Account, Account("ann", Decimal(5), ["x"])),
    (Frozen, Frozen(Point(1, 2))),
    (Customer, Customer(name="ann", balance=Decimal("1.0"), points=[Point(1, 2)], nickname=None)),
    (Customer, Customer(name="ann", balance=Decimal(1))),
    (Customer, Vip(name="ann", balance=Decimal(1), level=3)),
    (Loose, Loose(number=1, other=(1, 2))),  # type: ignore[call-arg]  # the model takes extra fields
    (Wrapper[Decimal], Wrapper[Decimal](inner=Decimal(1))),
    (Linked, Linked(link="https://x.org/", mail="a@x.org")),  # type: ignore[arg-type]  # pydantic converts
    (Checked, Checked(count=1)),
    (Json, {"a": [1, None, {"b": 2.5}], "c": True}),
    (Pairs[Decimal], [(Decimal(1), Decimal(2))]),
    (Any, {"a": [1, (2, {3}), b"x"], "b": datetime(2024, 1, 1, tzinfo=BERLIN)}),
    (object, [Decimal(1), {1: 2}]),
]


def _named(annotation: object, value: object) -> object:
    name = getattr(annotation, "__name__", str(annotation))
    return pytest.param(annotation, value, id=f"{name} {type(value).__name__}")


NAMED_CASES = [_named(annotation, value) for annotation, value in CASES]


@pytest.mark.parametrize(("annotation", "value"), NAMED_CASES)
def test_value_comes_back_equal_and_of_the_same_types(annotation: object, value: object) -> None:
    round_trip(annotation, value)


@pytest.mark.parametrize(("annotation", "_"), NAMED_CASES)
def test_no_value_changes_under_an_annotation_that_it_does_not_match(annotation: object, _: object) -> None:
    codec = Codec()
    for known in (Item, Order, Tree, Box, DecimalBox, Pair, Tagged, Place, Square, Greeting, Account, Frozen, Derived):
        codec.know_class(known)
    for other in (Color, Size, Word, Access, Bits, Customer, Loose, Linked, Checked, Wrapper[Decimal]):
        codec.know_class(other)
    plan = codec.plan(annotation, where="a test")
    optional = codec.plan(annotation | None if isinstance(annotation, type) else annotation, where="a test")
    for _, value in CASES:
        if isinstance(value, str) and len(value) > 10**6:
            continue
        assert is_same(plan.decode(plan.encode(value)), value)
        assert is_same(optional.decode(optional.encode(value)), value)


@pytest.mark.parametrize(("_", "value"), NAMED_CASES)
def test_values_round_trip_where_nothing_is_annotated(_: object, value: object) -> None:
    codec = Codec()
    codec.know_module(Item.__module__)
    codec.know_class(Wrapper[Decimal])
    round_trip(Any, value, codec)
    round_trip(list[Any], [value], codec)


def test_time_zones_come_back_as_they_were() -> None:
    plan = Codec().plan(list[datetime], where="a test")
    moments = [datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=zone) for zone in (BERLIN, NAMED_ZONE, ODD_ZONE, UTC, None)]
    back = plan.decode(plan.encode(moments))
    assert [moment.tzinfo for moment in back] == [BERLIN, NAMED_ZONE, ODD_ZONE, UTC, None]
    assert [moment.fold for moment in back] == [1] * 5
    assert back[1].tzname() == "here"


def test_dataclass_keeps_computed_fields_and_other_attributes_without_running_its_code() -> None:
    value = Derived(2, 5)
    value.total = 77
    plan = Codec().plan(Derived, where="a test")
    back = plan.decode(plan.encode(value))
    assert vars(back) == {"base": 2, "total": 77, "remark": "times 5"}


def test_cached_properties_are_computed_anew() -> None:
    value = Cached(3)
    assert value.square == 9
    plan = Codec().plan(Cached, where="a test")
    back = plan.decode(plan.encode(value))
    assert vars(back) == {"number": 3}
    assert back.square == 9


def test_deleted_attribute_stays_deleted() -> None:
    value = Item("a", Decimal(1))
    del value.tags
    plan = Codec().plan(Item, where="a test")
    assert not hasattr(plan.decode(plan.encode(value)), "tags")


def test_pydantic_model_keeps_what_was_set_and_private_attributes() -> None:
    value = Customer(name="ann", balance=Decimal(1))
    value._visits = 3
    plan = Codec().plan(Customer, where="a test")
    back = plan.decode(plan.encode(value))
    assert back == value
    assert back.model_fields_set == {"name", "balance"}
    assert back._visits == 3


def test_pydantic_model_is_not_validated_again() -> None:
    value = Customer.model_construct(name=5, balance="much", points=None, nickname=None)
    plan = Codec().plan(Customer, where="a test")
    assert vars(plan.decode(plan.encode(value))) == vars(value)


def test_shared_objects_are_no_cycles() -> None:
    shared = [1]
    value = {"a": shared, "b": [shared, shared]}
    assert round_trip(Any, value) == value


def test_encoding_of_sets_does_not_depend_on_their_order() -> None:
    words = [f"word {number}" for number in range(50)]
    backwards = words[::-1]
    plan = Codec().plan(set[str], where="a test")
    assert plan.encode(set(words)) == plan.encode(set(backwards))
    mixed = Codec().plan(Any, where="a test")
    assert mixed.encode({1, "a", (2,), None}) == mixed.encode({None, (2,), "a", 1})
