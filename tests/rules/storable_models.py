"""Classes that libraries make, for the corpus of types that can or cannot be stored."""

from __future__ import annotations

import io
import socket
import threading
from collections import namedtuple
from collections.abc import Callable
from typing import (
    Annotated,
    Any,
    Generic,
    NamedTuple,
    NotRequired,
    Required,
    TypedDict,
    TypeVar,
)

import attr
import attrs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel, field_serializer
from pydantic.dataclasses import dataclass as pydantic_dataclass
from sqlalchemy import Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column

from tests.rules.storable_types import Plain

T = TypeVar("T")
_ARBITRARY = ConfigDict(arbitrary_types_allowed=True)


# --- attrs


@attrs.define
class Point:
    x: int
    y: int = 0


@attrs.frozen
class Wired:
    name: str
    plug: socket.socket


@attr.s(auto_attribs=True)
class OldWired:
    plug: socket.socket


@attr.s
class Classic:
    number = attr.ib(type=int)


@attr.s
class ClassicWired:
    plug = attr.ib(type=socket.socket)


@attrs.define
class Crate(Generic[T]):
    content: T


# --- NamedTuple and TypedDict


class Place(NamedTuple):
    x: int
    y: int = 0


class Mount(NamedTuple):
    path: str
    file: io.TextIOWrapper


class GenericPlace(NamedTuple, Generic[T]):
    content: T


Spot = namedtuple("Spot", "x y")  # noqa: PYI024  # this form is stored, too
TypedSpot = NamedTuple("TypedSpot", [("x", int), ("on_hit", Callable[[], None])])  # noqa: UP014  # as above


class Row(TypedDict):
    id: int
    tags: list[str]


class Partial(TypedDict, total=False):
    name: Required[str]
    callback: NotRequired[Callable[[], None]]


class Extended(Row):
    plug: socket.socket


class GenericRow(TypedDict, Generic[T]):
    value: T


Functional = TypedDict("Functional", {"class": str, "lock": threading.Thread})
FunctionalFine = TypedDict("FunctionalFine", {"class": str})


# --- pydantic


class Model(BaseModel):
    name: str
    price: float = Field(gt=0, default=1.0)


class ModelWithPlug(BaseModel):
    model_config = _ARBITRARY
    plug: socket.socket


class ModelWithTold(BaseModel):
    model_config = _ARBITRARY
    plain: Annotated[Plain, PlainSerializer(lambda plain: plain.number), BeforeValidator(Plain)]


class ModelWithToldInside(BaseModel):
    model_config = _ARBITRARY
    plains: list[Annotated[Plain, PlainSerializer(lambda plain: plain.number), BeforeValidator(Plain)]]


class ModelWithSerializer(BaseModel):
    model_config = _ARBITRARY
    plain: Plain

    @field_serializer("plain")
    def write(self, plain: Plain) -> int:
        return plain.number


class ModelThatLeavesOut(BaseModel):
    model_config = _ARBITRARY
    plug: socket.socket | None = Field(default=None, exclude=True)


class ModelWithPrivate(BaseModel):
    name: str
    _guard: threading.Thread | None = None


class NestedModel(BaseModel):
    inner: ModelWithPlug


class ChildModel(ModelWithPlug):
    name: str


class GenericModel(BaseModel, Generic[T]):
    model_config = _ARBITRARY
    content: T


class Tags(RootModel[list[str]]):
    pass


@pydantic_dataclass
class CheckedItem:
    sku: str


@pydantic_dataclass(config=_ARBITRARY)
class CheckedPlug:
    plug: socket.socket


# --- mapped classes


class Base(DeclarativeBase):
    pass


OldBase: Any = declarative_base()


class OldUser(OldBase):  # type: ignore[misc]  # the old form has no type
    __tablename__ = "corpus_old_users"
    id = mapped_column(Integer, primary_key=True)


class User(Base):
    __tablename__ = "corpus_users"
    id: Mapped[int] = mapped_column(primary_key=True)
