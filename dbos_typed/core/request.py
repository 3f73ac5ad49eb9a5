"""The HTTP request on whose behalf code runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dbos_typed.error import DBOSSerializationError

CREDENTIAL_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})


class Headers(Mapping[str, str]):
    """HTTP headers; names are found in any case and listed in lower case."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = {name.lower(): value for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self._headers[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)

    def __repr__(self) -> str:
        return f"Headers({self._headers!r})"


class Address(NamedTuple):
    """Where a request came from."""

    hostname: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request without its body.

    Workflows see the request of the handler that started them, also after a recovery. It is stored for that, without
    credentials: in a workflow there are no cookies, and no Authorization, Proxy-Authorization and Cookie headers.
    """

    headers: Headers
    path_params: Mapping[str, str]
    query_params: Mapping[str, str]
    """The last value of each name."""
    url: str
    base_url: str
    client: Address | None
    cookies: Mapping[str, str]
    method: str


class RequestSource:
    """Where the current request is read from when somebody asks for it.

    Late, since the router of a web framework adds the path parameters after its middleware has run.
    """

    __slots__ = ("_read", "_stored")

    def __init__(self, read: Callable[[], Request], stored: str | None = None) -> None:
        self._read = read
        self._stored = stored

    @classmethod
    def of_stored(cls, text: str | None) -> RequestSource | None:
        """The request of a workflow that is stored with this text."""
        return None if text is None else cls(lambda: decode_request(text), text)

    @property
    def request(self) -> Request:
        return self._read()

    @property
    def stored(self) -> str:
        """The text that is stored with the workflows that the handler starts."""
        return encode_request(self._read()) if self._stored is None else self._stored


def encode_request(request: Request) -> str:
    """The text that is stored: everything but credentials."""
    headers = {name: value for name, value in request.headers.items() if name not in CREDENTIAL_HEADERS}
    return json.dumps(
        {
            "headers": headers,
            "path_params": dict(request.path_params),
            "query_params": dict(request.query_params),
            "url": request.url,
            "base_url": request.base_url,
            "client": request.client,
            "method": request.method,
        }
    )


def decode_request(text: str) -> Request:
    """The request that was stored. DBOSSerializationError: the text is none."""
    try:
        stored = json.loads(text)
        client = stored["client"]
        return Request(
            headers=Headers(_texts(stored["headers"])),
            path_params=_texts(stored["path_params"]),
            query_params=_texts(stored["query_params"]),
            url=_text(stored["url"]),
            base_url=_text(stored["base_url"]),
            client=None if client is None else _address(*client),
            cookies={},
            method=_text(stored["method"]),
        )
    except Exception as error:
        raise DBOSSerializationError(
            f"the stored request cannot be read: {type(error).__name__}: {error}", path="request"
        ) from error


def _text(stored: object) -> str:
    if not isinstance(stored, str):
        msg = f"{stored!r} is no text"
        raise TypeError(msg)
    return stored


def _texts(stored: Mapping[str, object]) -> dict[str, str]:
    return {name: _text(value) for name, value in stored.items()}


def _address(hostname: object, port: object) -> Address:
    if not isinstance(port, int):
        msg = f"{port!r} is no port"
        raise TypeError(msg)
    return Address(_text(hostname), port)
