"""Trees to the text that is stored, and back: plain JSON, or what the application's serializer makes of them."""

from __future__ import annotations

from typing import cast

from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import Json, dump, load
from dbos_typed.config import Serializer

MARK = "!"
"""Begins what a serializer wrote; no JSON text begins so, and what was stored without one is still read."""


class StoredText:
    """The form of stored text, shared by all plans of a codec, which are made before the serializer is known."""

    __slots__ = ("serializer",)

    def __init__(self) -> None:
        self.serializer: Serializer | None = None

    def dump(self, data: Json) -> str:
        """Write a tree."""
        text = dump(data)
        return text if self.serializer is None else self._seal(self.serializer, text)

    def seal(self, text: str) -> str:
        """Write a tree that is JSON text already."""
        return text if self.serializer is None else self._seal(self.serializer, text)

    def load(self, text: str) -> Json:
        """Read a tree. Failure: a serializer wrote it that is missing here, or does not read it."""
        if not text.startswith(MARK):
            return load(text)
        if self.serializer is None:
            raise Failure(
                "a serializer wrote it, and none is configured here: give the same one, by DBOSConfig['serializer'] or "
                "DBOSClient(serializer=…)"
            )
        try:
            return self.serializer.deserialize(text.removeprefix(MARK))
        except Exception as error:
            raise Failure(f"{_named(self.serializer)} cannot read it: {type(error).__name__}: {error}") from error

    @staticmethod
    def _seal(serializer: Serializer, text: str) -> str:
        # Parsed anew, so that it is given JSON's types and its lists are its own.
        try:
            # A user's own: it may give what it should not.
            written = cast("object", serializer.serialize(load(text)))
        except Exception as error:
            raise Failure(f"{_named(serializer)} cannot write it: {type(error).__name__}: {error}") from error
        if not isinstance(written, str):
            raise Failure(f"{_named(serializer)} gave {type(written).__name__}; it must give a str, base64 for bytes")
        if "\0" in written:
            raise Failure(f"{_named(serializer)} gave a text with NUL, which no database stores; use base64")
        return f"{MARK}{written}"


def _named(serializer: Serializer) -> str:
    return f"the serializer {type(serializer).__qualname__}"
