"""What cannot be stored is refused with the place, the reason and the remedy."""

import asyncio
import contextlib
import io
import itertools
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import IO, Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from dbos_typed.codec import Codec
from dbos_typed.error import DBOSSerializationError
from tests.unit.codec.models import Item, Order


async def forgotten() -> int:
    return 1


@dataclass
class Job:
    name: str
    conn: Any = None


class Plain:
    def __init__(self) -> None:
        self.number = 1


class Text(str):
    __slots__ = ()


class MyZone(tzinfo):
    pass


class Handle:
    workflow_id = "w"

    def get_result(self) -> int:
        return 1


UNSTORABLE = [
    ((number for number in [1]), "generator.*list"),
    (iter([]), "iterator.*list"),
    (itertools.count(), "iterator.*list"),
    (lambda: 1, "function.*name"),
    (len, "function.*name"),
    ("".join, "function.*name"),
    (threading.Lock(), "lock.*inside the step"),
    (threading.RLock(), "lock.*inside the step"),
    (threading.Thread(), "thread.*workflow"),
    (threading.Event(), "event.*recv"),
    (asyncio.Lock(), "lock.*inside the step"),
    (ModuleType("m"), "module.*import"),
    (int, "class.*name"),
    (io.StringIO(), "open file.*path or content"),
    (slice(1, 2), "slice.*bounds"),
    (memoryview(b""), "memoryview.*bytes"),
    (Plain(), "dataclass"),
    (SimpleNamespace(a=1), "dataclass"),
    (Text("x"), r"subclass of str.*str\(value\)"),
    (Handle(), "handle.workflow_id"),
    (contextlib.nullcontext(), "resource.*inside the step"),
    (MyZone(), "dataclass"),  # type: ignore[abstract]  # complete enough to be refused
]


@pytest.mark.parametrize(("value", "remedy"), UNSTORABLE, ids=[type(value).__name__ for value, _ in UNSTORABLE])
def test_unstorable_value_is_refused_with_path_and_remedy(value: object, remedy: str) -> None:
    plan = Codec().plan(dict[str, list[Job]], where="result of step 'fetch'", root="result")
    with pytest.raises(DBOSSerializationError, match=rf"^result of step 'fetch': .*{remedy}") as caught:
        plan.encode({"items": [Job("a"), Job("b", conn={"deep": (value,)})]})
    assert caught.value.path == "result['items'][1].conn['deep'][0]"


@pytest.mark.parametrize("annotation", [Any, int, Item, list[int], Decimal | None])
def test_forgotten_await_is_refused_under_every_annotation(annotation: object) -> None:
    coroutine = forgotten()
    with pytest.raises(DBOSSerializationError, match="forgotten"):
        Codec().plan(annotation, where="a test").encode(coroutine)
    coroutine.close()


def test_open_resources_are_refused(tmp_path: Path) -> None:
    engine = create_engine("sqlite://")
    with (
        socket.socket() as plug,
        (tmp_path / "f").open("w") as file,
        contextlib.closing(sqlite3.connect(":memory:")) as connection,
        Session(engine) as session,
        engine.connect() as sql_connection,
    ):
        for value in (plug, file, connection, session, sql_connection, engine):
            with pytest.raises(DBOSSerializationError, match="inside"):
                Codec().plan(Any, where="a test").encode(value)
    engine.dispose()


@pytest.mark.parametrize(
    ("annotation", "path"),
    [
        (threading.Lock, "value"),
        (threading.Thread, "value"),
        (Callable[[int], int], "value"),
        (Iterator[int], "value"),
        (Generator[int, None, None], "value"),
        (AsyncIterator[int], "value"),
        (Awaitable[int], "value"),
        (Coroutine[Any, Any, int], "value"),
        (type[int], "value"),
        (IO[str], "value"),
        (ModuleType, "value"),
        (Session, "value"),
        (Plain, "value"),
        (Text, "value"),
        (Handle, "value"),
        (7, "value"),
        (dict[str, list[Plain | None]], "value[value][]"),
        (tuple[int, Plain], "value[1]"),
    ],
)
def test_unstorable_annotation_is_refused_when_it_is_compiled(annotation: object, path: str) -> None:
    with pytest.raises(DBOSSerializationError, match=r"^parameter 'x' of workflow 'w'") as caught:
        Codec().plan(annotation, where="parameter 'x' of workflow 'w'")
    assert caught.value.path == path


@dataclass
class Holder:
    order: Order
    plain: Plain


@dataclass
class Outer:
    holders: list[Holder]


def test_unstorable_field_is_named_with_the_way_to_it() -> None:
    codec = Codec()
    for _ in range(2):  # the failure leaves nothing half-made behind
        with pytest.raises(DBOSSerializationError, match="Plain") as caught:
            codec.plan(Outer, where="a test", root="outer")
        assert caught.value.path == "outer.holders[].plain"


def test_cycle_is_refused_with_the_place_where_it_closes() -> None:
    value: dict[str, Any] = {"a": [1, {}]}
    value["a"][1]["back"] = value
    with pytest.raises(DBOSSerializationError, match="contains itself") as caught:
        Codec().plan(Any, where="a test").encode(value)
    assert caught.value.path == "value['a'][1]['back']"


def test_cycle_through_objects_is_refused() -> None:
    job = Job("a")
    job.conn = [job]
    with pytest.raises(DBOSSerializationError, match="contains itself") as caught:
        Codec().plan(Job, where="a test").encode(job)
    assert caught.value.path == "value.conn[0]"


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"x": value}, lambda value: (value,)])
def test_too_deep_nesting_is_refused(wrap: Callable[[object], object]) -> None:
    value: object = 1
    for _ in range(20_000):
        value = wrap(value)
    with pytest.raises(DBOSSerializationError, match="too deep"):
        Codec().plan(Any, where="a test").encode(value)
    # Lest the interpreter recurses in taking it apart.
    while isinstance(value, list | tuple | dict):
        value = value["x"] if isinstance(value, dict) else value[0]


def test_nesting_of_two_hundred_levels_is_no_trouble() -> None:
    value: object = 1
    for _ in range(200):
        value = [value]
    plan = Codec().plan(Any, where="a test")
    assert plan.decode(plan.encode(value)) == value


def test_too_deep_text_is_refused() -> None:
    with pytest.raises(DBOSSerializationError, match="too deep"):
        Codec().plan(Any, where="a test").decode("[" * 100_000 + "]" * 100_000)


def test_time_zone_of_unknown_kind_is_refused() -> None:
    with pytest.raises(DBOSSerializationError, match=r"MyZone.*zoneinfo"):
        Codec().plan(datetime, where="a test").encode(datetime(2024, 1, 1, tzinfo=MyZone()))  # type: ignore[abstract]  # complete enough to be refused


def test_error_of_user_code_becomes_a_serialization_error() -> None:
    class Moody(dict[str, int]):
        pass

    @dataclass
    class Lazy:
        number: int

        def __getattribute__(self, name: str) -> object:
            if name == "__dict__":
                raise ZeroDivisionError("moody")
            return super().__getattribute__(name)

    with pytest.raises(DBOSSerializationError, match="ZeroDivisionError: moody") as caught:
        Codec().plan(Lazy, where="a test").encode(Lazy(1))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(DBOSSerializationError, match="subclass of dict"):
        Codec().plan(dict[str, int], where="a test").encode(Moody())
