"""Errors of libraries are stored, and told in logs, without the passwords and keys of where they were to connect."""

import http.client
import traceback
import urllib.request
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import httpx2
import psycopg
import pytest
import requests
import sqlalchemy as sa
import urllib3

from dbos_typed.codec import Codec
from dbos_typed.codec.masking import masked_message, masked_urls

SECRET = "hunter2"
LOGIN = f"me:{SECRET}@"
URL = f"http://{LOGIN}127.0.0.1:9/x?api_key={SECRET}&q=1"


def _status(package: ModuleType) -> object:
    request = package.Request("GET", URL)
    return package.Response(401, request=request, headers={"Location": f"{URL}&token={SECRET}"}).raise_for_status()


def _redirected(package: ModuleType) -> object:
    transport = package.MockTransport(lambda request: package.Response(302, headers={"location": str(request.url)}))
    with package.Client(transport=transport) as client:
        return client.get(URL, follow_redirects=True)


def _requested() -> object:
    response = requests.Response()
    response.status_code, response.url = 403, URL
    response.request = requests.Request("GET", URL, params={"signature": SECRET}).prepare()
    response.raise_for_status()
    return response


def _unsent() -> object:
    request: Any = requests.Request("GET", URL, params={"access_token": SECRET, "page": "2"})
    raise requests.RequestException("unsent", request=request)


def _connected_by_sqlalchemy() -> object:
    return sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(f"a {SECRET}")).connect()


class OwnStatusError(requests.HTTPError):
    """An application's own, made of a library's."""


def _own() -> object:
    raise OwnStatusError(f"403 for url: {URL}")


RAISING: dict[str, Callable[[], object]] = {
    "httpx status": lambda: _status(httpx),
    "httpx2 status": lambda: _status(httpx2),
    "httpx redirects": lambda: _redirected(httpx),
    "httpx2 redirects": lambda: _redirected(httpx2),
    "httpx refused": lambda: httpx.get(URL),
    "httpx scheme": lambda: httpx.get(URL.replace("http:", "ftp:")),
    "requests status": _requested,
    "requests refused": lambda: requests.get(URL, timeout=1),
    "requests host": lambda: requests.get(f"http://{LOGIN}/x?token={SECRET}", timeout=1),
    "requests scheme": lambda: requests.get(f"{LOGIN}host/x?sig={SECRET}", timeout=1),
    "requests unsent": _unsent,
    "urllib3 refused": lambda: urllib3.PoolManager(retries=1).request("GET", URL),
    "urllib control character": lambda: urllib.request.urlopen(f"http://127.0.0.1:9/?password={SECRET} x"),
    "psycopg setting": lambda: psycopg.connect(f"host=h password=a {SECRET}"),
    "psycopg percent": lambda: psycopg.connect(f"postgresql://me:{SECRET}%zz@h/d"),
    "psycopg url": lambda: psycopg.connect(f"postgresql://{LOGIN}[h/d"),
    "sqlalchemy": _connected_by_sqlalchemy,
    "own": _own,
}


def raised(code: Callable[[], object]) -> Exception:
    try:
        code()
    except Exception as error:  # noqa: BLE001  # what is tested
        return error
    raise AssertionError("nothing was raised")


@pytest.fixture
def codec() -> Codec:
    codec = Codec()
    codec.know_module(__name__)
    return codec


@pytest.mark.parametrize("kind", RAISING)
def test_secret_is_not_told(kind: str, codec: Codec) -> None:
    error = raised(RAISING[kind])
    text, live = codec.replay_error(error)
    back = codec.decode_recorded_error(text)
    told = codec.told(error)
    assert type(back) is type(live) is type(told) is type(error)
    assert str(back) == str(live) == str(told)
    assert repr(back) == repr(live) == repr(told)
    assert SECRET not in text
    assert SECRET not in "".join(traceback.format_exception_only(told))
    assert SECRET not in repr(told)
    assert str(codec.replay_error(back)[1]) == str(back)
    again = RuntimeError("no")
    again.__cause__ = error
    assert SECRET not in codec.encode_error(again)


def test_what_is_no_secret_is_told(codec: Codec) -> None:
    error = codec.replay_error(raised(RAISING["httpx status"]))[1]
    assert isinstance(error, httpx.HTTPStatusError)
    assert "Client error '401 Unauthorized' for url 'http://me:***@127.0.0.1:9/x?api_key=***&q=1'" in str(error)
    assert error.request.url.params["q"] == "1"
    assert error.request.url.username == "me"
    refused = codec.replay_error(raised(RAISING["requests refused"]))[1]
    assert "Max retries exceeded with url: /x?api_key=***&q=1 (Caused by " in str(refused)


def test_error_without_secrets_is_as_it_is(codec: Codec) -> None:
    for code in (lambda: requests.get("http://127.0.0.1:9/x?q=1", timeout=1), lambda: psycopg.connect("nonsense")):
        error = raised(code)
        assert (codec.told(error) is error) == isinstance(error, requests.RequestException)
    own = RuntimeError(f"what the application says of {URL}")
    assert codec.told(own) is own
    assert str(codec.replay_error(own)[1]) == str(own)


def test_text_that_a_class_makes_of_objects(codec: Codec) -> None:
    class Place:
        __module__ = "http.client"

        def __repr__(self) -> str:
            return f"<Place {URL}>"

    class PlacedError(http.client.HTTPException):
        def __init__(self, place: object) -> None:
            super().__init__(place)
            self.place = place

        def __str__(self) -> str:
            return f"not found: {self.place!r}"

    told = codec.told(PlacedError(Place()))
    assert str(told) == "not found: <Place http://me:***@127.0.0.1:9/x?api_key=***&q=1>"
    assert repr(told) == "PlacedError(<Place http://me:***@127.0.0.1:9/x?api_key=***&q=1>)"
    assert SECRET not in codec.encode_error(PlacedError(Place()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at https://me:s3cret@host/x", "at https://me:***@host/x"),
        ("at https://me:s3@cret@host", "at https://me:***@host"),
        ("at https://me:s3'cret@host", "at https://me:***@host"),
        ("at redis://:s3cret@host:6379/0", "at redis://:***@host:6379/0"),
        ("url='https://h/x?token=s3cret', code=1", "url='https://h/x?token=***', code=1"),
        ('"https://h/x?X-Amz-Signature=s3&X-Amz-Date=2"', '"https://h/x?X-Amz-Signature=***&X-Amz-Date=2"'),
        ("(url: /x?a=1&client_secret=s3cret)", "(url: /x?a=1&client_secret=***)"),
        ("https://h/#access_token=s3cret", "https://h/#access_token=***"),
        ("https://h/x?sslpassword=s3&Api-Key=s3", "https://h/x?sslpassword=***&Api-Key=***"),
        ("<Headers('Authorization': 'Bearer s3cret', 'A': 'b')>", "<Headers('Authorization': '***', 'A': 'b')>"),
    ],
)
def test_secrets_are_masked(text: str, expected: str) -> None:
    assert masked_urls(text) == expected
    assert masked_urls(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://host:443/x?email=me@example.org",
        "https://host/x?page_token=abc&max_tokens=3&next_token=d",
        "connection to server at 127.0.0.1, port 5432 failed",
        "max_tokens = 4096 is too large, me@host",
        "UPDATE t SET password = :password",
        "'http://one:80', 'me@host'",
    ],
)
def test_what_looks_like_a_secret_and_is_none(text: str) -> None:
    assert masked_urls(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("host=h password=s3cret user=u", "host=h password=*** user=u"),
        ("host=h sslpassword = 's3 cret' user=u", "host=h sslpassword = *** user=u"),
        ("Key(host='h', password='s3cret', auth=None)", "Key(host='h', password=***, auth=None)"),
        ("Key(password=None)", "Key(password=None)"),
        (
            'missing "=" after "s3cret" in connection info string\n',
            'missing "=" after "***" in connection info string\n',
        ),
    ],
)
def test_connection_strings_are_masked(text: str, expected: str) -> None:
    assert masked_message(text) == expected
    assert masked_message(expected) == expected
