"""What stands for parts of exceptions that cannot be stored: nothing, with a clear message for who asks for them."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from dbos_typed.codec.jsontext import TAG, Json, Value
from dbos_typed.codec.masking import is_of_library, masked_message
from dbos_typed.codec.natural import decode_str, encode_str
from dbos_typed.codec.refusals import name_of

TAG_UNSTORED = "repr"
LOST = "__unstored__"
"""The attribute of a rebuilt exception that says of others why they are not there."""
TEXT = "__recorded_text__"
"""The attribute of a rebuilt exception that is its text, where its class cannot make that of what was stored."""

_LONGEST = 2000


class Unstored:
    """Stands in the arguments of an exception for what could not be stored, so that its text is the same."""

    __slots__ = ("_reason", "_repr", "_str")

    def __init__(self, shown: str, text: str, reason: str) -> None:
        self._repr = shown
        self._str = text
        self._reason = reason

    def __repr__(self) -> str:
        return self._repr

    def __str__(self) -> str:
        return self._str

    def stored(self) -> Json:
        """What was read to make it."""
        return _data(type(self).__name__, self._repr, self._str, self._reason)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(
            f"{name!r} is not there: of {self._repr} only the text was recorded, because {self._reason}"
        )


def write(part: Value, reason: str) -> Json:
    """Write what remains of a part that cannot be stored."""
    return _data(type(part).__name__, _shown(part, repr), _shown(part, str), reason)


def read(data: Json) -> Value:
    """Read what `write` wrote."""
    shown = decode_str(data["text"])
    if "of" not in data:
        return shown
    # Some texts name the type of what they are about.
    cls: type[Unstored] = type(str(data["of"]), (Unstored,), {"__slots__": ()})
    return cls(shown, decode_str(data.get("str", data["text"])), str(data["why"]))


def _data(cls: str, shown: str, text: str, reason: str) -> Json:
    data: dict[str, Json] = {TAG: TAG_UNSTORED, "text": encode_str(shown), "of": cls, "why": reason}
    return data if text == shown else {**data, "str": encode_str(text)}


def tells_secrets(part: Value) -> bool:
    """Whether the text of an object of a library tells a password or a key, which is not written."""
    return any(masked_message(text) != text for text in (_text(part, repr), _text(part, str)))


def _shown(part: Value, show: Any) -> str:  # noqa: ANN401  # repr or str
    text = _text(part, show)
    if is_of_library(type(part)):
        text = masked_message(text)
    return text[:_LONGEST]


def _text(part: Value, show: Any) -> str:  # noqa: ANN401  # repr or str
    try:
        text: str = show(part)
    except Exception:  # noqa: BLE001  # a broken __repr__ must not hide the error
        return f"<{name_of(part.__class__)}>"
    return text


def mark_lost(error: BaseException, lost: Mapping[str, str]) -> None:
    """Let an exception say of its attributes that could not be stored why they are not there."""
    vars(error)[LOST] = dict(lost)
    cls = type(error)
    if not any("__getattr__" in vars(base) for base in cls.__mro__):
        # Only the class can answer for what an instance does not have.
        with contextlib.suppress(TypeError):  # a class made in C
            cls.__getattr__ = _explain  # type: ignore[attr-defined]  # added here


def mark_text(error: BaseException, text: str) -> None:
    """Let an exception have the text that it had."""
    vars(error)[TEXT] = text
    cls = type(error)
    if not isinstance(vars(cls).get("__str__"), _RecordedText):
        # Only the class can answer for what is asked of its instances.
        with contextlib.suppress(TypeError):  # a class made in C
            cls.__str__ = _RecordedText(cls.__str__)  # type: ignore[method-assign]  # binds like a function


class _RecordedText:
    """The `__str__` of a class, and of instances that have a recorded text that."""

    def __init__(self, original: Any) -> None:  # noqa: ANN401  # a function, or a slot of a class made in C
        self._original = original

    def __get__(self, error: BaseException | None, cls: type) -> Any:  # noqa: ANN401  # a bound method
        if error is None:
            return self
        text = vars(error).get(TEXT)
        return self._original.__get__(error, cls) if text is None else lambda: text

    def __call__(self, error: BaseException) -> str:
        text: str | None = vars(error).get(TEXT)
        made: str = self._original(error) if text is None else text
        return made


def _explain(self: BaseException, name: str) -> object:
    message = f"{type(self).__name__!r} object has no attribute {name!r}"
    lost: Mapping[str, str] = vars(self).get(LOST, {})
    if name in lost:
        message = f"{message}: it was not recorded, because {lost[name]}. Keep plain data of it in the exception."
    elif lost and not name.startswith("__"):
        reasons = "; ".join(f"{each}: {reason}" for each, reason in lost.items())
        message = f"{message}; not recorded were {reasons}"
    raise AttributeError(message, name=name, obj=self)
