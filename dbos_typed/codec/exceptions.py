"""Exceptions: class, arguments, attributes, notes and cause.

They are rebuilt without running Python code of their class: of their parts, by the constructor of a class that is made
in C or Rust, or by a function that was registered for it. Which way leads to the same exception is tried when it is
stored. One that cannot be rebuilt is a RemoteError that tells what was raised, on the first run as on every other.
"""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from dbos_typed.codec import rebuilding, unstored
from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.known import Known
from dbos_typed.codec.masking import is_of_library, masked_data, masked_urls
from dbos_typed.codec.naming import reference
from dbos_typed.codec.natural import decode_str, encode_str
from dbos_typed.codec.parts import Reducers
from dbos_typed.codec.refusals import name_of
from dbos_typed.codec.told import Teller
from dbos_typed.error import RemoteError

E = TypeVar("E", bound=BaseException)

ERROR_TAG = "error"
PART_TAG = "part"

_NOTES = "__notes__"
# A class may be an Exception and one of these.
_EXITS = (SystemExit, KeyboardInterrupt, GeneratorExit)
# Of SQLAlchemy: whether the parameters of a statement may be told, and the parameters.
_HIDES, _HIDDEN = "hide_parameters", "params"
# Errors that hold errors, each perhaps in several attributes: further in, a text has to do.
_DEEPEST = 8
_MOST = 100
_DEEP = "it lies too deep in other errors"


class ErrorForm:
    """How exceptions are written and rebuilt."""

    def __init__(self, known: Known, reducers: Reducers) -> None:
        self._known = known
        self._reducers = reducers
        self._teller = Teller(reducers)
        self._nesting = _Nesting()

    # --- writing

    def told(self, error: E) -> E:
        """See Teller."""
        return self._teller.told(error)

    def encode(self, error: BaseException, dynamic: Dynamic) -> dict[str, Json]:
        """Write an exception; of parts that cannot be stored, why they are missing."""
        nesting = self._nesting
        if nesting.depth == 0:
            nesting.count = 0
        nesting.depth += 1
        nesting.count += 1
        try:
            return self._encode(error, dynamic)
        finally:
            nesting.depth -= 1

    def encode_envelope(self, error: BaseException, dynamic: Dynamic) -> Json:
        """Write an exception that is a value among others."""
        if self._nesting.depth >= _DEEPEST or self._nesting.count >= _MOST:
            return unstored.write(error, _DEEP)
        return {TAG: ERROR_TAG, **self.encode(error, dynamic)}

    def _encode(self, error: BaseException, dynamic: Dynamic) -> dict[str, Json]:
        error = self._teller.told(error)
        is_masked = is_of_library(type(error))
        attributes = dict(vars(error))
        notes: Value = attributes.pop(_NOTES, None)
        if attributes.get(_HIDES) is True:
            attributes.pop(_HIDDEN, None)
        lost: dict[str, str] = dict(attributes.pop(unstored.LOST, ()))
        attributes.pop(unstored.TEXT, None)
        # First, lest errors among the arguments use up what may be stored of other errors.
        cause = None if error.__cause__ is None else self._encode_part(error.__cause__, dynamic)
        named = self._known.error_name(type(error))
        text = masked_urls(_text_of(error)) if is_masked else _text_of(error)
        data: dict[str, Json] = {
            "class": reference(type(error)) if named is None else named[0],
            "message": encode_str(text),
        }
        members = rebuilding.members_of(error)
        way = None if named is None else self._way(error, named[1], attributes, members)
        if way is None:
            data["remote"] = True
        else:
            data.update({name: self._encode_part(part, dynamic) for name, part in way.items()})
        data["args"] = [self._encode_part(argument, dynamic) for argument in error.args]
        if way is None or "by" not in way:
            fields, kept = self._kept(attributes, lost, dynamic), self._kept(members, lost, dynamic)
            if fields:
                data["fields"] = [[encode_str(name), item] for name, item in fields.items()]
            if kept:
                data["members"] = kept
            if lost:
                data["lost"] = lost
        if is_masked:
            data = masked_data(data)
        if way is not None and named is not None:
            with contextlib.suppress(Exception):
                copy = self._rebuilt(named[1], data, dynamic)
                if _text_of(copy) != text:
                    # Its text is made of what cannot be stored.
                    data["keeps_text"] = True
        if notes is not None:
            data["notes"] = self._encode_part(notes, dynamic)
        if cause is not None:
            data["cause"] = cause
        return data

    def _way(
        self, error: BaseException, cls: type[BaseException], fields: dict[str, Value], members: dict[str, Value]
    ) -> dict[str, Value] | None:
        """What to store besides the parts so that the same comes out; `None`: nothing makes one of these."""
        found = self._reducers.of(cls)
        if found is not None:
            name, reducer = found
            with contextlib.suppress(Exception):
                data = reducer.reduce(error)
                copy: Any = reducer.rebuild(data)
                copy.args = error.args
                if _is_same(copy, error, cls):
                    return {"by": name, "of": data}
        is_made = False
        with contextlib.suppress(Exception):
            copy = rebuilding.assembled(cls, error.args, fields, members)
            if _is_same(copy, error, cls):
                return {}
            is_made = True
        made = rebuilding.made_by(error)
        if made is not None:
            with contextlib.suppress(Exception):
                copy = rebuilding.remade(cls, *made)
                copy.args = error.args
                if _is_same(copy, error, cls):
                    return {"made": list(made)}
        return {} if is_made else None

    def _kept(self, parts: dict[str, Value], lost: dict[str, str], dynamic: Dynamic) -> dict[str, Json]:
        """Those of the parts that can be stored; why others cannot goes to `lost`."""
        kept: dict[str, Json] = {}
        for name, part in parts.items():
            try:
                kept[name] = self._encode_reduced(part, dynamic, None)
            except Exception as error:  # noqa: BLE001  # whatever is wrong with a part, the error is to be told
                lost[name] = _reason(error)
        return kept

    def _encode_part(self, part: Value, dynamic: Dynamic) -> Json:
        try:
            return self._encode_reduced(part, dynamic, lambda thing, error: unstored.write(thing, _reason(error)))
        except Exception as error:  # noqa: BLE001  # it contains itself, say
            return unstored.write(part, _reason(error))

    def _encode_reduced(
        self, part: Value, dynamic: Dynamic, otherwise: Callable[[Value, Exception], Json] | None
    ) -> Json:
        """Write a part, or what its reducer makes of it; what neither can be goes to `otherwise`."""
        try:
            return dynamic.encode(part)
        except Exception as error:
            found = self._reducers.of(type(part))
            if found is not None:
                name, reducer = found
                with contextlib.suppress(Exception):
                    return {TAG: PART_TAG, "by": name, "of": dynamic.encode(reducer.reduce(part))}
            if type(part) in (list, tuple):
                items = [self._encode_reduced(item, dynamic, otherwise) for item in part]
                return items if type(part) is list else {TAG: "tuple", "items": items}
            if type(part) is dict:
                values = [self._encode_reduced(item, dynamic, otherwise) for item in part.values()]
                if all(type(key) is str and key.isascii() and key != TAG for key in part):
                    return dict(zip(part, values, strict=True))
                return {
                    TAG: "dict",
                    "items": [[dynamic.encode(key), item] for key, item in zip(part, values, strict=True)],
                }
            if otherwise is None:
                raise
            return otherwise(part, error)

    # --- reading

    def decode(self, data: Json, dynamic: Dynamic) -> BaseException:
        """Rebuild an exception, as a RemoteError when its class is unknown or does not let itself be rebuilt.

        Failure: it would become one that it was not when it was recorded, and a run is replayed.
        """
        if data.get("remote"):
            return self._completed(_remote(data), data, dynamic)
        is_strict = dynamic.is_strict
        cls = self._known.find_error(data["class"], may_import=is_strict)
        error: BaseException | None = None
        if cls is not None:
            try:
                error = self._rebuilt(cls, data, dynamic)
            except Exception as failed:
                if is_strict:
                    unknown_class = failed.unknown_class if isinstance(failed, Failure) else ""
                    reason = f"the exception {data['class']!r} cannot be rebuilt here: {_reason(failed)}"
                    raise Failure(reason, unknown_class=unknown_class) from failed
        elif is_strict:
            raise Failure(
                f"the exception class {data['class']!r} is not found here: it was moved, renamed or removed, or its "
                "module is not imported. Import it at the top of a module that has workflows or steps, under the name "
                "that it had, which may be a re-export",
                unknown_class=data["class"],
            )
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

    def settle_causes(self, data: Json, dynamic: Dynamic) -> Json:
        """The same data in which every cause that is not rebuilt here is a RemoteError from now on."""
        if type(data) is list:
            return [self.settle_causes(item, dynamic) for item in data]
        if type(data) is not dict:
            return data
        settled: dict[str, Json] = {name: self.settle_causes(item, dynamic) for name, item in data.items()}
        cause: Json = settled.get("cause")
        if isinstance(cause, dict) and cause.get(TAG) == ERROR_TAG:  # pyright: ignore[reportUnknownMemberType]  # the items of JSON are of any type
            try:
                with dynamic.strictly():
                    dynamic.decode(cause)
            except Exception:  # noqa: BLE001  # whatever keeps it from being rebuilt
                settled["cause"] = {**cause, "remote": True}
        return settled

    def decode_part(self, data: Json, dynamic: Dynamic) -> Value:
        """Read what a reducer made of a part."""
        return self._reducers.rebuild(data["by"], dynamic.decode(data["of"]))

    def _rebuilt(self, cls: type[BaseException], data: Json, dynamic: Dynamic) -> BaseException:
        args = tuple([dynamic.decode(argument) for argument in data["args"]])
        if "by" in data:
            made = self._reducers.rebuild(dynamic.decode(data["by"]), dynamic.decode(data["of"]))
            if type(made) is not cls:
                raise Failure(f"its reducer made a {name_of(type(made))}")
            made.args = args
            return made
        fields = {decode_str(name): dynamic.decode(item) for name, item in data.get("fields", ())}
        members = {name: dynamic.decode(item) for name, item in data.get("members", {}).items()}
        if "made" in data:
            name, given = dynamic.decode(data["made"])
            error = rebuilding.remade(cls, name, given)
            error.args = args
            vars(error).update(fields)
        else:
            error = rebuilding.assembled(cls, args, fields, members)
        if "lost" in data:
            unstored.mark_lost(error, data["lost"])
        if data.get("keeps_text"):
            unstored.mark_text(error, decode_str(data["message"]))
        return error

    def _completed(self, error: E, data: Json, dynamic: Dynamic) -> E:
        """Give the error its notes and its cause. Failure: a run is replayed, and the cause is not what it was."""
        with contextlib.suppress(Exception):
            if "notes" in data:
                vars(error)[_NOTES] = dynamic.decode(data["notes"])
        if "cause" not in data:
            return error
        try:
            cause = dynamic.decode(data["cause"])
        except Exception:
            if dynamic.is_strict:
                raise
            return error
        if isinstance(cause, BaseException):
            error.__cause__ = cause
        return error


class _Nesting(threading.local):
    depth = 0
    count = 0


def _remote(data: Json) -> RemoteError:
    type_name = data["class"].removeprefix("builtins:").replace(":", ".")
    return RemoteError(type_name, decode_str(data["message"]))


def _is_same(copy: object, error: BaseException, cls: type[BaseException]) -> bool:
    return isinstance(copy, BaseException) and type(copy) is cls and _text_of(copy) == _text_of(error)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # a broken __str__ must not hide the error
        return f"<{name_of(type(error))} whose text cannot be made>"


def _reason(error: Any) -> str:  # noqa: ANN401  # an exception of whatever kind
    if isinstance(error, Failure):
        return error.reason
    return "it is nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {error}"
