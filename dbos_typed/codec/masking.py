"""Texts of libraries without the passwords and keys that URLs, connection strings and headers in them tell."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import re
from typing import Any

from dbos_typed.codec.jsontext import TAG, Json
from dbos_typed.codec.natural import decode_str, encode_str
from dbos_typed.config import is_secret_name

MASK = "***"
_LIBRARIES = frozenset(
    {
        "aio_pika",
        "aiobotocore",
        "aiohttp",
        "aiormq",
        "amqp",
        "anthropic",
        "asyncpg",
        "azure",
        "boto3",
        "botocore",
        "elastic_transport",
        "elasticsearch",
        "github",
        "gitlab",
        "google",
        "googleapiclient",
        "http",
        "httpcore",
        "httplib2",
        "httpx",
        "httpx2",
        "hvac",
        "kombu",
        "oauthlib",
        "openai",
        "opensearchpy",
        "psycopg",
        "psycopg2",
        "psycopg_pool",
        "pymongo",
        "pymysql",
        "redis",
        "requests",
        "requests_oauthlib",
        "slack_sdk",
        "sqlalchemy",
        "stripe",
        "tornado",
        "twilio",
        "urllib",
        "urllib3",
        "websocket",
        "websockets",
        "yarl",
    }
)
"""Packages whose errors, and what these carry, tell the URL, the request or the connection string they were given."""

# Up to the last @ before the path. A quote may be part of the password, unless the URL ends with it.
_LOGIN = re.compile(r"""(?P<before>://[^\s/?#:@'"<>]*:)(?:[^\s/?#'"<>]|['"](?![\s,):]))+(?=@)""")
_LOGIN_ALONE = re.compile(r"""(?P<before>(?<=['"])[^\s/?#:@'"<>]+:)[^\s/?#'"<>]+(?=@)""")
"""Without a scheme, as in a message that complains of it."""
_PARAMETER = re.compile(
    r"""(?P<before>[?&;\#](?P<name>[\w.%\[\]-]+)=)(?P<value>[^\s&\#"<>]*[^\s&\#"<>'(),.:;\]}])""", re.VERBOSE
)
_KEYS = frozenset({"auth", "key", "pass", "sig", "signature", "x_amz_signature", "x_goog_signature"})
"""Names of parameters that are secret as a whole, beside those that hold a telling word."""
_PLACES = re.compile(r"page|next|continu|cursor|sync|max_", re.IGNORECASE)
"""Tokens of these names say where to go on in a list, or how many there may be."""
_HEADERS = (
    "authorization|proxy-authorization|cookie|set-cookie|api-key|x-api-key|x-goog-api-key|x-auth-token|"
    "x-amz-security-token"
)
_HEADER = re.compile(rf"""(?P<before>(['"])(?:{_HEADERS})\2\s*[:,]\s*)(['"]).*?\3""", re.IGNORECASE)
SECRET_HEADERS = frozenset(_HEADERS.split("|"))
"""Names, in small letters, of headers that let their bearer in."""

_SETTING = re.compile(
    r"""(?P<before>\b(?:ssl_?)?(?:password|passwd|passphrase|pwd)\s*=\s*)
        (?:'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | (?!None\b)[^\s,;)&'"]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_LAST_QUOTED = re.compile(r'"[^"\n]*"(?=[^"\n]*$)', re.MULTILINE)
_PIECE_OF_LOGIN = ("in connection info string", "in URI", "percent-encoded")
"""Words of libpq where it quotes what it cannot read of a connection string, which may be a piece of a password."""


def is_of_library(cls: type[Any]) -> bool:
    """Whether instances of a class may tell where to connect to: it is of such a library, or derived from one of it."""
    return any(base.__module__.partition(".")[0] in _LIBRARIES for base in cls.__mro__)


def masked_urls(text: str) -> str:
    """The text with *** in the place of passwords and keys in URLs and headers. What is masked stays as it is."""
    if "@" in text:
        for pattern in (_LOGIN, _LOGIN_ALONE):
            text = pattern.sub(rf"\g<before>{MASK}", text)
    if "=" in text:
        text = _PARAMETER.sub(_without_value, text)
    return _HEADER.sub(rf"\g<before>'{MASK}'", text)


def masked_message(text: str) -> str:
    """Like masked_urls, and with *** in the place of passwords in connection strings."""
    text = _SETTING.sub(rf"\g<before>{MASK}", masked_urls(text))
    return _LAST_QUOTED.sub(f'"{MASK}"', text) if any(words in text for words in _PIECE_OF_LOGIN) else text


def masked_data(data: Json) -> Json:
    """Encoded data, whose strings are without passwords and keys in URLs and headers."""
    if type(data) is str:
        return masked_urls(data)
    if type(data) is list:
        return [masked_data(item) for item in data]
    if type(data) is not dict:
        return data
    if data.get(TAG) == "str":
        return encode_str(masked_urls(decode_str(data)))
    return {name: masked_data(item) for name, item in data.items()}


def is_secret_parameter(name: str) -> bool:
    """Whether a parameter of this name in a query lets its bearer in."""
    name = name.replace("-", "_").lower()
    return name in _KEYS or (is_secret_name(name) and _PLACES.search(name) is None)


def _without_value(match: re.Match[str]) -> str:
    return f"{match['before']}{MASK}" if is_secret_parameter(match["name"]) else match[0]
