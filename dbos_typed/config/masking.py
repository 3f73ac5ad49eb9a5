"""Configurations, URLs and messages as they may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dbos_typed.config.keys import ConfigFile

MASK = "***"
LONGEST_NUMBER = 1_000
"""Bits of a number that is shown."""

_SECRETS = "passw|passphrase|pwd|secret|token|credential|api_?key|access_?key|private_?key|signing_?key|authorization"
_SECRET_NAME = re.compile(rf"{_SECRETS}|^pass$", re.IGNORECASE)
_URL = re.compile(r"\s*[a-z][\w+.-]*://", re.IGNORECASE)
# Up to the last @, because a password that was not quoted may hold one itself; of what is a URL as a whole, whatever
# stands before that, and in a sentence no more than one word.
_PASSWORD = re.compile(r"(?P<before>://[^\s/:@]*:)\S*(?=@)")
_PASSWORD_OF_URL = re.compile(r"(?P<before>://[^/:@]*:).*(?=@)", re.DOTALL)
# Without a host nothing but a number is a port.
_PASSWORD_ALONE = re.compile(r"(?P<before>://[^\s/:@\[]*:)(?!\d{1,5}(?![^/?,\s\'\"]))(?!\*\*\*@)[^\s@]+(?!\S*@)")
# As in the query of a URL, in a connection string of libpq, and in the environment.
_PARAMETER = re.compile(
    rf"""(?P<before>[\w.-]*(?:{_SECRETS})[\w.-]*\s*=\s*)
         (?:'(?:\\.|[^'\\])*(?:'|$) | "(?:\\.|[^"\\])*(?:"|$) | (?:\\.|[^\s&])*[^\s&'"])""",
    re.IGNORECASE | re.VERBOSE,
)


def masked(config: ConfigFile) -> ConfigFile:
    """A copy in which passwords, tokens, environment variables and other secrets are replaced by ***."""
    return cast("ConfigFile", masked_value(config, ""))


def masked_value(value: Any, name: str) -> Any:  # noqa: ANN401  # the application's own section may hold anything
    """A copy of the value under the key `name`, with *** in the place of what had better not be shown."""
    if name == "env":
        # Nobody can tell which of the application's variables are secret.
        return dict.fromkeys(cast("Mapping[str, Any]", value), MASK) if isinstance(value, Mapping) else MASK
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return {key: masked_value(each, str(key)) for key, each in mapping.items()}
    if isinstance(value, list | tuple):
        return [masked_value(each, name) for each in cast("list[Any]", value)]
    if is_secret_name(name) and value is not None:
        return MASK
    if name.endswith("_url") and isinstance(value, str):
        return masked_url(value)
    return masked_text(value) if isinstance(value, str) else value


def shown(value: object, name: str) -> str:
    """The text of any value under the key `name`: of what is no text, number or collection, only what it is."""
    return repr(_told(masked_value(value, name)))


class _Told:
    """A value of which only the type is shown: bytes, paths and other objects may show a password as well."""

    def __init__(self, value: object) -> None:
        self._kind = type(value).__name__

    def __repr__(self) -> str:
        return f"<{self._kind}>"


def _told(value: object) -> object:
    if isinstance(value, Mapping):
        return {_told(key): _told(each) for key, each in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list):
        return [_told(each) for each in cast("list[object]", value)]
    # Python refuses to write numbers of thousands of digits.
    is_long = isinstance(value, int) and value.bit_length() > LONGEST_NUMBER
    return value if type(value) in (str, bool, int, float, type(None)) and not is_long else _Told(value)


def masked_url(text: str) -> str:
    """What was given as a URL: without its password, and not at all where it may be one for all anybody can tell."""
    return masked_text(text) if "://" in text or not any(sign in text for sign in "=:@") else MASK


def masked_text(text: str) -> str:
    """The text with *** in the place of the passwords of its URLs and connection strings."""
    password = _PASSWORD_OF_URL if _URL.match(text) else _PASSWORD
    for pattern in (password, _PASSWORD_ALONE, _PARAMETER):
        text = pattern.sub(rf"\g<before>{MASK}", text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether what is stored under this name had better not be shown."""
    return _SECRET_NAME.search(name) is not None
