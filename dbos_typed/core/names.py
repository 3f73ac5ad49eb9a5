"""Checking the names that users give: ids, topics, keys."""

from __future__ import annotations

MAX_LENGTH = 1024
"""Longer names do not fit the databases' indexes."""


def check_name(given: object, what: str) -> str:
    """The name, if every database can store and index it. ValueError or TypeError: says what is wrong with it."""
    if not isinstance(given, str):
        msg = f"{what} is {given!r} of type {type(given).__name__}; it must be a str."
        raise TypeError(msg)
    if not given:
        msg = f"{what} is empty; give it at least one character."
        raise ValueError(msg)
    if len(given) > MAX_LENGTH:
        msg = f"{what} has {len(given)} characters; at most {MAX_LENGTH} can be stored. It begins {given[:40]!r}."
        raise ValueError(msg)
    if "\0" in given or any("\ud800" <= character <= "\udfff" for character in given):
        msg = f"{what} is {given!r}; NUL and lone surrogates cannot be stored. Remove them."
        raise ValueError(msg)
    return given
