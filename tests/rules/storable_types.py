"""Classes of every kind, for the corpus of types that can or cannot be stored."""

from __future__ import annotations

import abc
import enum
import io
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from types import TracebackType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NewType,
    Optional,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
)

from pydantic_core import CoreSchema, core_schema
from sqlalchemy.orm import Session

from dbos_typed import WorkflowHandle

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
K = TypeVar("K")
Number = TypeVar("Number", int, float)
LockOrInt = TypeVar("LockOrInt", int, threading.Thread)
Text_ = TypeVar("Text_", bound=str)

OrderId = NewType("OrderId", str)
Plug = NewType("Plug", socket.socket)
Numbers: TypeAlias = list[int]
Handler = Callable[[str], None]
Handlers = dict[str, Handler]
Pair = tuple[T, T]
Later: TypeAlias = "list[threading.Thread]"
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | None"


# --- plain classes


def make_base() -> type[Any]:
    return type("Made", (), {})


class Plain:
    def __init__(self, number: int) -> None:
        self.number = number


class PlainChild(Plain):
    pass


class MadeByNew:
    def __new__(cls) -> Self:
        return super().__new__(cls)


class Bare:
    number = 1


class BareChild(Bare):
    text = ""


class WithClose:
    def __init__(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


class Managed:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        pass


class ManagedChild(Managed):
    pass


class Counting:
    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        return 1


class CountingByBase(Iterator[int]):
    def __next__(self) -> int:
        return 1


class Called:
    def __call__(self) -> int:
        return 1


class Awaited:
    def __await__(self) -> Iterator[Any]:
        return iter(())


class OwnHandle:
    workflow_id = "w"

    def get_result(self) -> int:
        return 1


class OwnThread(threading.Thread):
    pass


class OwnSession(Session):
    pass


class OwnFile(io.StringIO):
    pass


class Words(str):
    __slots__ = ()


class Bag(dict[str, int]):
    pass


class Stack(list[int]):
    pass


class Metaclassed(metaclass=abc.ABCMeta):
    @abstractmethod
    def pay(self) -> None: ...


class Payment(ABC):
    @abstractmethod
    def pay(self) -> None: ...


class CardPayment(Payment):
    def __init__(self, card: str) -> None:
        self.card = card

    def pay(self) -> None:
        pass


class CashPayment(Payment):
    def pay(self) -> None:
        pass


class HasName(Protocol):
    name: str


class Runs(Protocol):
    def __call__(self) -> int: ...


class NamedByProtocol(HasName):
    name = "n"


class NamedByInit(HasName):
    def __init__(self) -> None:
        self.name = "n"


class ShopError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


def identity(cls: type[T]) -> type[T]:
    return cls


@identity
class Decorated:
    def __init__(self) -> None:
        self.number = 1


class WritesItself:
    def __init__(self, number: int) -> None:
        self.number = number

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls)


class OwnMeta(type):
    pass


class OfOwnMeta(metaclass=OwnMeta):
    def __init__(self) -> None:
        self.number = 1


class Catalog(Mapping[str, int]):
    def __init__(self) -> None:
        self.prices: dict[str, int] = {}

    def __getitem__(self, key: str) -> int:
        return self.prices[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.prices)

    def __len__(self) -> int:
        return len(self.prices)


class Made(make_base()):  # type: ignore[misc]  # what it is derived from is known at run time only
    def __init__(self) -> None:
        self.number = 1


# --- enums


class Color(enum.Enum):
    RED = "red"


class Size(str, enum.Enum):  # noqa: UP042  # this form is stored, too
    SMALL = "s"


class Rights(enum.Flag):
    READ = 1


class Locks(enum.Enum):
    ONE = threading.Thread


# --- dataclasses


@dataclass
class Item:
    sku: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenItem:
    sku: str


@dataclass
class WithLock:
    name: str
    thread: threading.Thread


@dataclass
class WithHidden:
    name: str
    guard: threading.Thread = field(init=False, repr=False)


@dataclass
class WithInitVar:
    name: str
    source: InitVar[threading.Thread]
    shared: ClassVar[threading.Thread | None] = None
    loader: ClassVar["Callable[[], int]"] = int  # noqa: UP037  # quotes are understood

    def __post_init__(self, source: threading.Thread) -> None:
        self.name = source.name


@dataclass
class ChildOfWithLock(WithLock):
    more: int = 0


class UndecoratedChild(WithLock):
    pass


@dataclass
class Narrowed(WithLock):
    thread: None  # type: ignore[assignment]  # the field of the nearest class counts


@dataclass
class Tree:
    value: int
    children: list[Tree] = field(default_factory=list)


@dataclass
class Chain:
    next: Optional["Chain"]  # noqa: UP037, UP045  # as above
    on_done: Callable[[], None] | None = None


@dataclass
class Cycle1:
    other: Cycle2 | None


@dataclass
class Cycle2:
    other: Cycle1 | None
    plug: socket.socket | None


@dataclass
class Box(Generic[T]):
    content: T


@dataclass
class Boxes(Generic[K, T]):
    by_key: dict[K, Box[T]]


@dataclass
class LockedBox(Box[threading.Thread]):
    label: str


@dataclass
class IntBox(Box[int]):
    label: str


@dataclass
class ShadowedName:
    io: io.StringIO | None = None


@dataclass
class Dated:
    Item: Item | None = None


@dataclass
class CallableData:
    name: str

    def __call__(self) -> str:
        return self.name


@dataclass
class AbstractData(ABC):
    thread: threading.Thread

    @abstractmethod
    def run(self) -> None: ...


@dataclass
class OfDict(dict[str, int]):
    name: str


@dataclass
class UnderGuard:
    values: Sequence[Callable[[], int]]


@dataclass
class Outer:
    @dataclass
    class Inner:
        plug: socket.socket

    inner: Inner


@dataclass
class WithSelf:
    parent: Self | None


@dataclass
class WithAny:
    content: Any
    thing: object


@dataclass
class WithHandle:
    handle: WorkflowHandle[int]


@dataclass
class WithSession:
    session: "Session"  # noqa: UP037  # as above


@dataclass
class FailedWith:
    error: ShopError
    cause: BaseException | None
