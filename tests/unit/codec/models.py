"""Classes that the tests store."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, NotRequired, Protocol, Required, TypedDict, TypeVar

import attrs
import pydantic
from typing_extensions import TypeAliasType

T = TypeVar("T")
K = TypeVar("K")


class Color(enum.Enum):
    RED = 1
    GREEN = "green"
    CRIMSON = 1  # noqa: PIE796  # an alias, on purpose


class Size(enum.IntEnum):
    S = 1
    L = 2


class Word(enum.StrEnum):
    YES = "yes"


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Bits(enum.IntFlag):
    A = 1
    B = 2


@dataclass
class Item:
    sku: str
    price: Decimal
    tags: set[str] = field(default_factory=set)


@dataclass
class SpecialItem(Item):
    note: str = ""


@dataclass(frozen=True)
class Point:
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    number: int
    items: list[Item]
    color: Color | None = None
    extra: Any = None


@dataclass
class Tree:
    name: str
    children: list[Tree] = field(default_factory=list)
    next: Tree | None = None


@dataclass
class Box(Generic[T]):
    content: T
    more: dict[str, T] = field(default_factory=dict)


@dataclass
class DecimalBox(Box[Decimal]):
    label: str = ""


@dataclass(frozen=True)
class Pair(Generic[K, T]):
    key: K
    value: T


@dataclass
class Derived:
    """Computes a field, and keeps what is no field."""

    kind: ClassVar[str] = "derived"
    base: int
    factor: dataclasses.InitVar[int]
    total: int = field(init=False)

    def __post_init__(self, factor: int) -> None:
        self.total = self.base * factor
        self.remark = f"times {factor}"


@dataclass
class Cached:
    number: int

    @cached_property
    def square(self) -> int:
        return self.number**2


@dataclass
class Tagged:
    """Has what looks like an envelope in it."""

    value: dict[str, Any]


class Place(NamedTuple):
    name: str
    at: Point
    rating: float = 1.0


class NamedPlace(Place):
    pass


class Options(TypedDict, total=False):
    depth: Required[int]
    price: Decimal
    name: NotRequired[str]


class Shape(Protocol):
    def area(self) -> float: ...


@dataclass(frozen=True)
class Square(Shape):
    side: float

    def area(self) -> float:
        return self.side**2


class Message:
    """A base class without data."""


@dataclass
class Greeting(Message):
    text: str


@attrs.define
class Account:
    owner: str
    balance: Decimal = Decimal(0)
    tags: list[str] = attrs.Factory(list)


@attrs.frozen(slots=False)
class Frozen:
    at: Point


class Customer(pydantic.BaseModel):
    name: str
    balance: Decimal
    points: list[Point] = []
    nickname: str | None = None
    _visits: int = pydantic.PrivateAttr(default=0)


class Vip(Customer):
    level: int = 1


class Loose(pydantic.BaseModel, extra="allow"):
    number: int


class Wrapper(pydantic.BaseModel, Generic[T]):
    inner: T


class Linked(pydantic.BaseModel):
    link: pydantic.AnyUrl
    mail: str


@pydantic.dataclasses.dataclass
class Checked:
    count: int


Json = TypeAliasType("Json", "dict[str, Json] | list[Json] | str | int | float | bool | None")
Pairs = TypeAliasType("Pairs", list[tuple[T, T]], type_params=(T,))


class PaymentFailedError(Exception):
    """Its `__init__` cannot be called with its args."""

    def __init__(self, code: int, *, reason: str) -> None:
        super().__init__(f"payment failed: {reason}")
        self.code = code
        self.reason = reason


@dataclass
class LimitError(Exception):
    limit: Decimal
    items: tuple[str, ...] = ()


@attrs.define
class SlottedError(Exception):
    code: int


class BrokenTextError(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")
