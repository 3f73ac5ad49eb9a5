"""Stored texts that somebody wrote to do harm."""

import time

import pytest

from dbos_typed.codec.codec import Codec
from dbos_typed.error import DBOSSerializationError, RemoteError

touched: list[object] = []


class Exiting(Exception, SystemExit):
    """An Exception that ends the process all the same."""


class Guarded(Exception):
    """An Exception with code where a value could be put."""

    @property
    def level(self) -> object:
        return None

    @level.setter
    def level(self, value: object) -> None:
        touched.append(value)


@pytest.fixture
def codec() -> Codec:
    codec = Codec()
    codec.know_class(Exiting)
    codec.know_class(Guarded)
    return codec


def test_no_class_that_ends_the_process_is_raised(codec: Codec) -> None:
    error = codec.decode_error(f'{{"class":"{__name__}:Exiting","message":"bye","args":["bye"]}}')
    assert type(error) is RemoteError
    assert "bye" in str(error)


def test_attributes_run_no_code(codec: Codec) -> None:
    text = f'{{"class":"{__name__}:Guarded","message":"m","args":["m"],"members":{{"level":1,"__class__":2}}}}'
    error = codec.decode_error(text)
    assert type(error) is Guarded
    assert error.args == ("m",)
    assert touched == []


@pytest.mark.parametrize(
    "text",
    [
        '{"$type":"fraction","value":"1e999999999"}',
        '{"$type":"fraction","value":"1E999999999"}',
        "[" * 100_000,
        '{"$type":"any","value":' * 50_000,
        '{"a":' * 50_000,
        '{"$type":"deque","items":[],"maxlen":-1}',
        '{"$type":"int","hex":"zz"}',
        "9" * 100_000,
        '{"$type":"zone","value":"../../../etc/hostname"}',
    ],
)
def test_bombs_are_refused_at_once(codec: Codec, text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(DBOSSerializationError):
        codec.plan(object, where="a test").decode(text)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "[]", '{"class":1}', '{"class":"a:b"}', "null", ""])
def test_error_that_is_none_is_told(codec: Codec, text: str) -> None:
    with pytest.raises(DBOSSerializationError):
        codec.decode_error(text)
