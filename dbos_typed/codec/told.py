"""Errors of libraries as they are told: stored, logged and traced without parameters, passwords and keys."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from dbos_typed.codec import rebuilding, unstored
from dbos_typed.codec.masking import is_of_library, masked_message, masked_urls
from dbos_typed.codec.parameters import without_values
from dbos_typed.codec.parts import Reducers

E = TypeVar("E", bound=BaseException)

_DEEPEST = 8


class Teller:
    """Makes errors fit to be told."""

    def __init__(self, reducers: Reducers) -> None:
        """`reducers` take apart what is stored without secrets anyway."""
        self._reducers = reducers

    def told(self, error: E) -> E:
        """The error, or a copy that tells no parameters of statements, and no passwords and keys of where to connect.

        Errors of an application are as they are; so is what caused an error.
        """
        return self._error(error, 0)

    def _error(self, error: E, depth: int) -> E:
        error = without_values(error)
        if depth == _DEEPEST or not is_of_library(type(error)):
            return error
        with contextlib.suppress(Exception):
            text, shown = str(error), repr(error)
            args = self._part(error.args, masked_message, depth)
            # Not as strictly: a statement of SQL may well have a column of this name.
            fields = self._part(dict(vars(error)), masked_urls, depth)
            members = self._part(rebuilding.members_of(error), masked_urls, depth)
            copy = rebuilding.assembled(type(error), args, fields, members)
            made = _text_of(copy)
            masked = masked_urls(text if made is None else made)
            if masked == text and repr(copy) == shown:
                return error
            if masked != made:
                # Its class makes it of other objects.
                unstored.mark_text(copy, masked)
            copy.__cause__, copy.__suppress_context__ = error.__cause__, error.__suppress_context__
            return copy.with_traceback(error.__traceback__)  # type: ignore[return-value]  # of the same class
        return error

    def _part(self, part: Any, mask: Callable[[str], str], depth: int) -> Any:  # noqa: ANN401  # whatever an error keeps
        """A part of an error without secrets."""
        if type(part) is str:
            return mask(part)
        if isinstance(part, BaseException):
            return self._error(part, depth + 1)
        if type(part) in (list, tuple):
            return type(part)(self._part(item, mask, depth) for item in part)
        if type(part) is dict:
            return {name: self._part(item, mask, depth) for name, item in part.items()}
        if is_of_library(type(part)) and self._reducers.of(type(part)) is None and unstored.tells_secrets(part):
            return unstored.read(unstored.write(part, "it tells a password or a key"))
        return part


def _text_of(copy: BaseException) -> str | None:
    """The text of a copy. None: its class makes it of what is not there."""
    try:
        return str(copy)
    except Exception:  # noqa: BLE001  # whatever the class does
        return None
