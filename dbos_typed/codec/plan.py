"""What users of the codec hold: an annotation compiled, with the words for its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from dbos_typed.codec.cycles import find_cycle
from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value, dump, load
from dbos_typed.codec.natural import NATURAL_TEXTS, with_narrower
from dbos_typed.codec.node import INTEGER, STRING, Node
from dbos_typed.codec.stored import MARK, StoredText
from dbos_typed.error import DBOSSerializationError

T = TypeVar("T")

_QUOTED_TAG = f'"{TAG}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecodableValue:
    """Stands in listings for stored text that cannot be decoded here; `reason` says why."""

    reason: str
    text: str


def encoding_error(error: Exception, value: Value, *, where: str, root: str) -> DBOSSerializationError:
    """Say what of `value`, which is called `root`, could not be stored, and why."""
    path = root
    if isinstance(error, Failure):
        path, reason = error.path(root), error.reason
    elif isinstance(error, RecursionError):
        cycle = find_cycle(value)
        if cycle is None:
            reason = "it is nested too deeply to be stored: store it in a flatter form"
        else:
            path, reason = (
                root + cycle,
                "it contains itself and cannot be stored: refer to it by a name or number instead",
            )
    else:
        reason = f"it cannot be stored: {type(error).__name__}: {error}"
    return DBOSSerializationError(f"{where}: {path}: {reason}", path=path)


def decoding_error(error: Exception, *, where: str, root: str) -> DBOSSerializationError:
    """Say what of the stored `root` could not be read, and why."""
    path = root
    unknown_class = ""
    if isinstance(error, Failure):
        path, reason, unknown_class = error.path(root), error.reason, error.unknown_class
    elif isinstance(error, RecursionError):
        reason = "it is nested too deeply"
    else:
        reason = f"{type(error).__name__}: {error}"
    message = f"{where}: the stored {path} cannot be read: {reason}"
    return DBOSSerializationError(message, path=path, unknown_class=unknown_class)


class Plan(Generic[T]):
    """Encoder and decoder of one annotation.

    `decode(encode(value))` equals `value` and has its types, or DBOSSerializationError is raised; also when the value
    does not match the annotation.
    """

    __slots__ = ("_decode", "_dynamic", "_encode", "_is_checked", "_natural", "_stored", "_texts", "root", "where")

    def __init__(self, node: Node, dynamic: Dynamic, stored: StoredText, *, where: str, root: str) -> None:
        self.where = where
        self.root = root
        self._dynamic = dynamic
        self._stored = stored
        self._encode = node.encode
        self._decode = node.decode
        self._natural = node.natural
        self._is_checked = bool(node.types)
        fitting = with_narrower(node.types) if node.types else NATURAL_TEXTS
        self._texts = {cls: to_text for cls, to_text in NATURAL_TEXTS.items() if cls in fitting}
        if not node.natural and node.kinds & STRING:
            self._texts.pop(str, None)
        if not node.natural and node.kinds & INTEGER:
            self._texts.pop(int, None)

    def encode(self, value: T) -> str:
        """Write a value as the text that is stored: JSON in ASCII, unless the application has a serializer.

        Raises DBOSSerializationError with a path when it cannot be stored.
        """
        try:
            to_text = self._texts.get(type(value))
            text = None if to_text is None else to_text(value)
            if text is not None:
                return text if self._stored.serializer is None else self._stored.seal(text)
            return self._stored.dump(self._encode(value))
        except Exception as error:  # noqa: BLE001  # user classes may raise anything
            raise encoding_error(error, value, where=self.where, root=self.root) from _origin(error)

    def plain(self, value: T) -> str:
        """The value as JSON text, which no serializer sees; to be shown. Raises as `encode`."""
        try:
            return dump(self._encode(value))
        except Exception as error:  # noqa: BLE001  # user classes may raise anything
            raise encoding_error(error, value, where=self.where, root=self.root) from _origin(error)

    def decode(self, text: str) -> T:
        """Read what `encode` wrote. Raises DBOSSerializationError."""
        try:
            if text.startswith(MARK):
                return self._decode(self._stored.load(text))  # type: ignore[no-any-return]  # what was encoded as T
            data: Json = load(text)
            # Without an envelope, and with nothing that an annotation would have to say, the tree is the value.
            if self._natural and _QUOTED_TAG not in text and not (self._is_checked and self._dynamic.is_strict):
                return data  # type: ignore[no-any-return]  # as above
            return self._decode(data)  # type: ignore[no-any-return]  # as above
        except Exception as error:  # noqa: BLE001  # damaged data may raise anything
            raise decoding_error(error, where=self.where, root=self.root) from _origin(error)

    def replay(self, value: T) -> tuple[str, T]:
        """Encode, and give what decoding would give: the value itself when it cannot change, else a copy."""
        text = self.encode(value)
        is_value = self._stored.serializer is None and self._dynamic.is_stable(value)
        return text, (value if is_value else self.decode(text))

    def try_decode(self, text: str) -> T | UndecodableValue:
        """Read what `encode` wrote, or say why it cannot be read."""
        try:
            return self.decode(text)
        except DBOSSerializationError as error:
            return UndecodableValue(reason=error.message, text=text)


def _origin(error: Exception) -> Exception | None:
    """The error to chain: none when the message says it all, or when it has a thousand frames."""
    return None if isinstance(error, Failure | RecursionError) else error
