"""Live and replay take the same branch: over many kinds of exceptions, of Python, of libraries, and awkward ones."""

import asyncio
import base64
import concurrent.futures
import configparser
import csv
import ctypes
import decimal
import importlib
import json
import lzma
import os
import queue
import re
import socket
import sqlite3
import ssl
import struct
import subprocess
import threading
import tomllib
import zipfile
import zlib
import zoneinfo
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Self
from xml.parsers import expat

import httpx
import httpx2
import psycopg
import pytest
import requests
import sqlalchemy as sa
from psycopg.pq import DiagnosticField
from pydantic import AfterValidator, BaseModel, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import exc as sa_exc

from dbos_typed.codec import Codec, Reducer
from dbos_typed.error import DBOSSerializationError, RemoteError


class KeywordError(Exception):
    def __init__(self, *, code: int, lock: object = None) -> None:
        super().__init__(f"code {code}")
        self.code = code
        self.lock = lock


class ManyError(Exception):
    """Its constructor takes other things than its arguments are."""

    def __init__(self, first: str, second: int) -> None:
        super().__init__(f"{first}/{second}")
        self.pair = (first, second)


class NewError(ValueError):
    """Made by `__new__`, with a text of its own."""

    def __new__(cls, code: int) -> Self:
        made = super().__new__(cls, code)
        made.text = f"new {code}"
        return made

    text: str

    def __str__(self) -> str:
        return self.text


class SlottedError(Exception):
    __slots__ = ("where",)

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where


class Reduced(Exception):
    """Keeps its state where nobody sees it."""

    def __init__(self, code: int) -> None:
        super().__init__()
        _HIDDEN[id(self)] = code

    def __str__(self) -> str:
        return f"reduced {_HIDDEN.get(id(self))}"


_HIDDEN: dict[int, int] = {}
_NOTHING: list[int] = []


class Group(ExceptionGroup[Exception]):
    pass


class Mood(Enum):
    GOOD = 1


def _checked(value: int) -> int:
    if value < 0:
        raise ValueError("negative")
    if value > 99:
        raise PydanticCustomError("too_much", "{value} is more than {most}", {"value": value, "most": 99})
    assert value != 13, "no luck"
    return value


class Reply(BaseModel):
    score: Annotated[int, AfterValidator(_checked)]
    mood: Mood = Mood.GOOD
    note: str | None = None

    @field_validator("note")
    @classmethod
    def short(cls, note: str | None) -> str | None:
        if note and len(note) > 5:
            raise ValueError(note)
        return note


def _raised(code: Callable[[], object]) -> Exception:
    try:
        code()
    except Exception as error:  # noqa: BLE001  # what is tested
        return error
    raise AssertionError("nothing was raised")


def _in_loop(code: Callable[[], Any]) -> Callable[[], object]:
    async def call() -> object:
        return await code()

    return lambda: asyncio.run(call())


def _status2(code: int) -> object:
    request = httpx2.Request("POST", "https://host/x", headers={"Authorization": "Bearer s3cret"}, json={})
    return httpx2.Response(code, request=request, json={"why": "busy"}).raise_for_status()


def _status(code: int) -> object:
    request = httpx.Request("POST", "https://host/x", headers={"Authorization": "Bearer s3cret"}, json={})
    return httpx.Response(code, request=request, json={"why": "busy"}).raise_for_status()


def _requested() -> object:
    response = requests.Response()
    response.status_code, response.url, response.reason = 503, "http://host/x", "busy"
    response._content = b'{"why":"busy"}'
    response.request = requests.Request("GET", "http://host/x", auth=("me", "s3cret")).prepare()
    response.raise_for_status()
    return response


def _constraint() -> object:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        return connection.execute(sa.text("INSERT INTO t VALUES (:id)"), {"id": 1})


def _broken_zip() -> object:
    return zipfile.ZipFile(__file__)


class Diagnosed(psycopg.errors.UniqueViolation):
    """As the server raises it, whose findings psycopg keeps in an object of the driver."""


DIAGNOSIS = {DiagnosticField.CONSTRAINT_NAME: b"t_pkey", DiagnosticField.SQLSTATE: b"23505"}

RAISING: dict[str, Callable[[], object]] = {
    "key": lambda: os.environ["NO_SUCH_VARIABLE"],
    "index": lambda: _NOTHING[0],
    "zero": lambda: 1 / 0,
    "overflow": lambda: 2.0**10000,
    "attribute": lambda: (1).undefined,  # type: ignore[attr-defined]  # what is tested
    "type": lambda: len(1),  # type: ignore[arg-type]  # what is tested
    "missing file": lambda: open("/does/not/exist"),  # noqa: SIM115, PTH123  # it is never opened
    "not a folder": lambda: os.listdir(__file__),  # noqa: PTH208  # what is tested
    "link": lambda: os.rename("/does/not/a", "/does/not/b"),  # noqa: PTH104  # what is tested
    "decode": b"\xff".decode,
    "encode": "\ud800".encode,
    "syntax": lambda: compile("a b", "f", "exec"),
    "import": lambda: importlib.import_module("does_not_exist"),
    "recursion": lambda: _raise(RecursionError("deep")),
    "assertion": lambda: _raise(AssertionError("no", 1)),
    "stop": lambda: _raise(StopAsyncIteration(3)),
    "timeout": lambda: _raise(TimeoutError()),
    "asyncio timeout": _in_loop(lambda: asyncio.wait_for(asyncio.sleep(1), 0.001)),
    "incomplete read": lambda: _raise(asyncio.IncompleteReadError(b"ab", 5)),
    "limit overrun": lambda: _raise(asyncio.LimitOverrunError("long", 3)),
    "invalid state": lambda: _raise(asyncio.InvalidStateError("x")),
    "group": lambda: _raise(ExceptionGroup("many", [ValueError("a"), ManyError("b", 1)])),
    "own group": lambda: _raise(Group("many", [KeyError("a")])),
    "called process": lambda: subprocess.run(["false"], check=True),  # noqa: S607  # a standard tool
    "process timeout": lambda: subprocess.run(["sleep", "2"], timeout=0.01),  # noqa: S607, PLW1510  # as above
    "json": lambda: json.loads("{"),
    "toml": lambda: tomllib.loads("="),
    "xml": lambda: expat.ParserCreate().Parse("<a", True),
    "configuration": lambda: configparser.ConfigParser().get("no", "thing"),
    "csv": lambda: list(csv.reader(["a\0b\n"], strict=True, delimiter="xx")),
    "struct": lambda: struct.unpack("i", b"a"),
    "base64": lambda: base64.b64decode("a", validate=True),
    "zlib": lambda: zlib.decompress(b"x"),
    "lzma": lambda: lzma.decompress(b"x"),
    "zip": _broken_zip,
    "ctypes": lambda: _raise(ctypes.ArgumentError("x")),
    "regular expression": lambda: re.compile("("),
    "decimal": lambda: decimal.Decimal("x"),
    "decimal zero": lambda: decimal.Decimal(1) / 0,
    "zone": lambda: zoneinfo.ZoneInfo("No/Where"),
    "address": lambda: _raise(socket.gaierror(-2, "Name or service not known")),
    "refused": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    "ssl": lambda: _raise(ssl.SSLCertVerificationError(1, "bad")),
    "queue": lambda: queue.Queue[int]().get_nowait(),
    "future": lambda: _raise(concurrent.futures.InvalidStateError("x")),
    "sqlite": lambda: sqlite3.connect(":memory:").execute("nonsense"),
    "integrity": _constraint,
    "sql operation": lambda: sa.create_engine("sqlite://").connect().execute(sa.text("nonsense")),
    "sql argument": lambda: sa.create_engine("nonsense"),
    "no row": lambda: _raise(sa_exc.NoResultFound("none")),
    "psycopg": lambda: _raise(psycopg.errors.UniqueViolation("duplicate", info=DIAGNOSIS)),  # type: ignore[arg-type]  # the form of pickles
    "psycopg connection": lambda: psycopg.connect("host=127.0.0.1 port=9 connect_timeout=1"),
    "validation": lambda: Reply.model_validate({"score": "x", "mood": 7}),
    "validation json": lambda: Reply.model_validate_json('{"score":'),
    "validation missing": lambda: Reply.model_validate({}),
    "validation own": lambda: Reply.model_validate({"score": 100, "note": "too long"}),
    "validation negative": lambda: Reply.model_validate({"score": -1}),
    "validation assertion": lambda: Reply.model_validate({"score": 13}),
    "validation of objects": lambda: Reply.model_validate({"score": threading.Lock()}),
    "httpx2 connect": lambda: httpx2.get("http://127.0.0.1:9/"),
    "httpx2 status": lambda: _status2(503),
    "httpx connect": lambda: httpx.get("http://127.0.0.1:9/"),
    "httpx status": lambda: _status(503),
    "httpx url": lambda: httpx.get("nonsense://"),
    "httpx read": lambda: _raise(httpx.ReadTimeout("slow", request=httpx.Request("GET", "http://me:s3cret@host"))),
    "blocked write": lambda: _raise(BlockingIOError(11, "full", 5)),
    "blocked write of nothing": lambda: _raise(BlockingIOError(11, "full", 0)),
    "requests connect": lambda: requests.get("http://127.0.0.1:9/", timeout=1),
    "requests status": _requested,
    "requests url": lambda: requests.get("nonsense", timeout=1),
    "keyword": lambda: _raise(KeywordError(code=3, lock=threading.Lock())),
    "many": lambda: _raise(ManyError("a", 1)),
    "new": lambda: _raise(NewError(3)),
    "slots": lambda: _raise(SlottedError("here")),
}


def _raise(error: Exception) -> object:
    raise error


@pytest.fixture
def codec() -> Codec:
    codec = Codec()
    codec.know_module(__name__)
    return codec


# What cannot be stored, or is never stored: a lock, connections, bodies and credentials of requests.
_LEFT_OUT = {"lock", "request", "response", "pgconn", "pgresult", "diag", "orig", "exceptions", "obj", "connection"}


@pytest.mark.parametrize("kind", RAISING)
def test_replay_is_as_live(kind: str, codec: Codec) -> None:
    # Parameters of statements, passwords and keys are never stored.
    error = codec.told(_raised(RAISING[kind]))
    text, live = codec.replay_error(error)
    replay = codec.decode_recorded_error(text)
    for back in (live, replay):
        assert type(back) is type(error)
        assert str(back) == str(error)
        assert repr(back) == repr(error)
        assert len(back.args) == len(error.args)
        for name in _facts(error):
            left, right = getattr(back, name), getattr(error, name)
            assert (repr(left) == repr(right)) if name == "args" else (left == right), name
    if not isinstance(replay.__cause__, RemoteError):
        assert codec.encode_error(replay) == text


def _facts(error: Exception) -> list[str]:
    found: list[str] = []
    for name in dir(error):
        if name.startswith("_") or name in _LEFT_OUT or (name == "args" and isinstance(error, ExceptionGroup)):
            continue
        try:
            part = getattr(error, name)
        except Exception:  # noqa: BLE001, S112  # some properties have nothing to tell
            continue
        if not callable(part) and not isinstance(part, BaseException) and "requests" not in type(part).__module__:
            found.append(name)
    return found


def test_validation_error_has_its_findings(codec: Codec) -> None:
    lock = threading.Lock()
    error = _raised(lambda: Reply.model_validate({"score": lock, "note": "too long"}))
    back = codec.replay_error(error)[1]
    assert isinstance(back, ValidationError)
    assert isinstance(error, ValidationError)
    assert back.error_count() == error.error_count() == 2
    assert back.title == "Reply"
    assert [(each["loc"], each["type"], each["msg"]) for each in back.errors()] == [
        (each["loc"], each["type"], each["msg"]) for each in error.errors()
    ]
    assert back.errors()[1]["input"] == "too long"
    with pytest.raises(AttributeError, match="'acquire' is not there"):
        back.errors()[0]["input"].acquire()


def test_requests_and_responses_come_along_without_credentials(codec: Codec) -> None:
    text, back = codec.replay_error(_raised(lambda: _status(503)))
    assert isinstance(back, httpx.HTTPStatusError)
    assert back.response.status_code == 503
    assert back.response.json() == {"why": "busy"}
    assert back.response.request.method == back.request.method == "POST"
    assert back.request.url.host == "host"
    assert "s3cret" not in text
    assert "s3cret" not in codec.encode_error(_raised(RAISING["httpx read"]))
    text, newer = codec.replay_error(_raised(lambda: _status2(503)))
    assert isinstance(newer, httpx2.HTTPStatusError)
    assert isinstance(newer.response, httpx2.Response)
    assert newer.response.json() == {"why": "busy"}
    assert newer.response.request.method == newer.request.method == "POST"
    assert "s3cret" not in text
    text, again = codec.replay_error(_raised(_requested))
    assert isinstance(again, requests.HTTPError)
    assert again.response is not None
    assert again.response.json() == {"why": "busy"}
    assert again.response.reason == "busy"
    assert "s3cret" not in text
    assert base64.b64encode(b"me:s3cret").decode() not in text


def test_integrity_error_has_its_origin(codec: Codec) -> None:
    back = codec.replay_error(_raised(_constraint))[1]
    assert isinstance(back, sa_exc.IntegrityError)
    assert isinstance(back.orig, sqlite3.IntegrityError)
    assert back.statement == "INSERT INTO t VALUES (?)"


def test_findings_of_the_server_come_along(codec: Codec) -> None:
    back = codec.replay_error(_raised(RAISING["psycopg"]))[1]
    assert isinstance(back, psycopg.errors.UniqueViolation)
    assert back.sqlstate == "23505"
    assert back.diag.constraint_name == "t_pkey"


def test_class_made_at_run_time_goes_by_its_name_in_a_registered_module(
    codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Any = type("NoSuchKey", (ManyError,), {"__module__": "somewhere.factory"})
    assert type(codec.replay_error(made("a", 1))[1]) is ManyError
    monkeypatch.setitem(globals(), "NoSuchKey", made)
    assert type(codec.replay_error(made("a", 1))[1]) is made


def test_registered_functions_take_apart_what_nothing_else_can(codec: Codec) -> None:
    error = Reduced(7)
    assert "keeps_text" in codec.encode_error(error)
    codec.add_reducer(Reduced, Reducer(reduce=lambda raised: _HIDDEN[id(raised)], rebuild=Reduced))
    text, back = codec.replay_error(error)
    assert "keeps_text" not in text
    assert type(back) is Reduced
    assert str(back) == "reduced 7"
    error.add_note("a note")
    error.__cause__ = ManyError("b", 2)
    back = codec.replay_error(error)[1]
    assert back.__notes__ == ["a note"]
    assert isinstance(back.__cause__, ManyError)
    other = Codec()
    other.know_module(__name__)
    with pytest.raises(DBOSSerializationError, match="no reducer"):
        other.decode_recorded_error(text)
