"""Exceptions: class, arguments, attributes, notes and cause.

They are rebuilt without running code of their class, and only when the class is known; otherwise a RemoteError tells
what was raised.
"""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import contextlib
import threading
from types import MemberDescriptorType
from typing import Any, TypeVar

from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.known import Known, reference
from dbos_typed.codec.natural import decode_str, encode_str
from dbos_typed.codec.refusals import name_of
from dbos_typed.error import RemoteError

E = TypeVar("E", bound=BaseException)

ERROR_TAG = "error"
REPR_TAG = "repr"

_HEAP_TYPE = 1 << 9  # defined in Python, not in C
_NOTES = "__notes__"
# A class may be an Exception and one of these.
_EXITS = (SystemExit, KeyboardInterrupt, GeneratorExit)
_LONGEST_REPR = 2000
# Of SQLAlchemy: whether the parameters of a statement may be told, and the parameters.
_HIDES, _HIDDEN = "hide_parameters", "params"
# Errors that hold errors, each perhaps in several attributes: further in, a text has to do.
_DEEPEST = 8
_MOST = 100
# Members that Python fills in for its suggestions, or that are the arguments once more.
_OMITTED_OWNERS = frozenset[object]({BaseExceptionGroup})
_OMITTED = frozenset({(AttributeError, "obj")})


class ErrorForm:
    """How exceptions are written and rebuilt."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._nesting = _Nesting()

    def encode(self, error: BaseException, dynamic: Dynamic) -> dict[str, Json]:
        """Write an exception; parts that cannot be stored are replaced by their repr."""
        nesting = self._nesting
        if nesting.depth == 0:
            nesting.count = 0
        nesting.depth += 1
        nesting.count += 1
        try:
            return self._encode(error, dynamic)
        finally:
            nesting.depth -= 1

    def _encode(self, error: BaseException, dynamic: Dynamic) -> dict[str, Json]:
        cls = type(error)
        attributes = dict(vars(error))
        notes: Value = attributes.pop(_NOTES, None)
        if attributes.get(_HIDES) is True:
            attributes.pop(_HIDDEN, None)
        # First, lest errors among the arguments use up what may be stored of other errors.
        cause = None if error.__cause__ is None else self._encode_part(error.__cause__, dynamic)
        data: dict[str, Json] = {
            "class": reference(cls),
            "message": encode_str(_text_of(error)),
            "args": [self._encode_part(argument, dynamic) for argument in error.args],
        }
        if attributes:
            data["fields"] = [[encode_str(name), self._encode_part(item, dynamic)] for name, item in attributes.items()]
        members = {name: self._encode_part(item, dynamic) for name, item in _members(error)}
        if members:
            data["members"] = members
        if notes is not None:
            data["notes"] = self._encode_part(notes, dynamic)
        if cause is not None:
            data["cause"] = cause
        return data

    def encode_envelope(self, error: BaseException, dynamic: Dynamic) -> Json:
        """Write an exception that is a value among others."""
        if self._nesting.depth >= _DEEPEST or self._nesting.count >= _MOST:
            return _as_text(error)
        return {TAG: ERROR_TAG, **self.encode(error, dynamic)}

    def _encode_part(self, part: Value, dynamic: Dynamic) -> Json:
        try:
            return dynamic.encode(part)
        except Exception:  # noqa: BLE001  # whatever is wrong with a part, the error is to be told
            return _as_text(part)

    def decode(self, data: Json, dynamic: Dynamic) -> BaseException:
        """Rebuild an exception, as a RemoteError when its class is unknown or does not let itself be rebuilt."""
        cls = self._known.find_error(data["class"])
        error: BaseException | None = None
        if cls is not None:
            # Whatever goes wrong in rebuilding, the error is to be told.
            with contextlib.suppress(Exception):
                error = _rebuild(cls, data, dynamic)
        return self._completed(_remote(data) if error is None else error, data, dynamic)

    def decode_raised(self, data: Json, dynamic: Dynamic) -> Exception:
        """Rebuild an exception that is to be raised.

        What no `Exception` is comes as a RemoteError: nobody stores an exit or an interrupt as an outcome, and raised
        here it would end whoever asks.
        """
        error = self.decode(data, dynamic)
        if isinstance(error, Exception) and not isinstance(error, _EXITS):
            return error
        return self._completed(_remote(data), data, dynamic)

    def _completed(self, error: E, data: Json, dynamic: Dynamic) -> E:
        """Give the error its notes and its cause."""
        with contextlib.suppress(Exception):
            if "notes" in data:
                vars(error)[_NOTES] = dynamic.decode(data["notes"])
            cause = dynamic.decode(data["cause"]) if "cause" in data else None
            if isinstance(cause, BaseException):
                error.__cause__ = cause
        return error


class _Nesting(threading.local):
    depth = 0
    count = 0


def _remote(data: Json) -> RemoteError:
    type_name = data["class"].removeprefix("builtins:").replace(":", ".")
    return RemoteError(type_name, decode_str(data["message"]))


def _rebuild(cls: type[BaseException], data: Json, dynamic: Dynamic) -> BaseException:
    args = [dynamic.decode(argument) for argument in data["args"]]
    base: Any = next(base for base in cls.__mro__ if not base.__flags__ & _HEAP_TYPE)
    # Groups take their parts when they are made, and only then.
    error: BaseException = base.__new__(cls, *args) if issubclass(cls, BaseExceptionGroup) else base.__new__(cls)
    error.args = tuple(args)
    for name, item in data.get("fields", ()):
        vars(error)[decode_str(name)] = dynamic.decode(item)
    for name, item in data.get("members", {}).items():
        descriptor = next((vars(owner)[name] for owner in cls.__mro__ if name in vars(owner)), None)
        # Not a property, say, whose code a row could run so.
        if isinstance(descriptor, MemberDescriptorType):
            with contextlib.suppress(AttributeError, TypeError):  # some are read-only
                descriptor.__set__(error, dynamic.decode(item))
    return error


def _members(error: BaseException) -> list[tuple[str, Value]]:
    """What an exception keeps outside its `__dict__`: slots, and the attributes of Python's own exceptions."""
    found: dict[str, Value] = {}
    for base in type(error).__mro__:
        for name, descriptor in vars(base).items():
            if not isinstance(descriptor, MemberDescriptorType) or name in found:
                continue
            if base in _OMITTED_OWNERS or (base, name) in _OMITTED:
                continue
            item = getattr(error, name, None)
            if item is not None and item is not False:
                found[name] = item
    return list(found.items())


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # a broken __str__ must not hide the error
        return f"<{name_of(type(error))} whose text cannot be made>"


def _as_text(part: Value) -> Json:
    try:
        text = repr(part)
    except Exception:  # noqa: BLE001  # a broken __repr__ must not hide the error
        text = f"<{name_of(type(part))}>"
    return {TAG: REPR_TAG, "text": encode_str(text[:_LONGEST_REPR])}


def read_text(data: Json) -> str:
    """Read what stands for a part that could not be stored."""
    return decode_str(data["text"])
