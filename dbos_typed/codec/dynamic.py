"""Values in positions that no annotation describes, by their run-time type.

None, bool, int, float, str, lists and dicts with string keys are plain JSON; everything else is an envelope, a JSON
object with the key "$type". Envelopes mean the same everywhere, so every decoder hands what it does not expect to
`Dynamic.decode`.
"""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import TAG, Json, Value, dump
from dbos_typed.codec.natural import (
    NATURAL_DECODERS,
    NATURAL_ENCODERS,
    is_portable,
)
from dbos_typed.codec.node import NO_KIND, Decoder, Encoder, kind_of
from dbos_typed.codec.scalars import IMMUTABLE, SCALAR_READERS, scalar_of

Stability: TypeAlias = Callable[[Value], bool]

_SHOWN = 60
_ENDLESSLY_STABLE = frozenset({type(None), bool, int, float, str}) | IMMUTABLE

_FACTORIES: dict[str, Callable[[], Any]] = {
    factory.__name__: factory for factory in (list, dict, set, tuple, str, bytes, int, float, bool)
}


def sort_items(items: list[Json]) -> list[Json]:
    """Put the encoded items of a set into an order that does not change from process to process."""
    try:
        items.sort()
    except TypeError:
        items.sort(key=dump)
    return items


class _Mode(threading.local):
    is_strict = False


class Dynamic:
    """Encodes by run-time type and decodes envelopes.

    `class_encoder` supplies the encoder (envelope form) of user classes, or raises Failure; `readers` the decoders of
    further envelopes by tag.
    """

    def __init__(self, class_encoder: Callable[[type[Any]], Encoder], readers: Mapping[str, Decoder]) -> None:
        self._class_encoder = class_encoder
        self._mode = _Mode()
        self._encoders: dict[type[Any], Encoder] = {
            **NATURAL_ENCODERS,
            list: self._encode_list,
            dict: self._encode_dict,
            tuple: lambda value: {TAG: "tuple", "items": self._encode_list(value)},
            set: lambda value: {TAG: "set", "items": self._encode_set(value)},
            frozenset: lambda value: {TAG: "frozenset", "items": self._encode_set(value)},
            deque: self._encode_deque,
            OrderedDict: lambda value: self._encode_pairs("ordereddict", value.items()),
            Counter: lambda value: self._encode_pairs("counter", value.items()),
            defaultdict: self._encode_defaultdict,
        }
        self._readers: dict[str, Decoder] = {
            **NATURAL_DECODERS,
            **SCALAR_READERS,
            "any": lambda data: self.decode(data["value"]),
            "tuple": lambda data: tuple(self._decode_items(data)),
            "set": lambda data: set(self._decode_items(data)),
            "frozenset": lambda data: frozenset(self._decode_items(data)),
            "deque": lambda data: deque(self._decode_items(data), data["maxlen"]),
            "dict": self._decode_pairs,
            "ordereddict": lambda data: OrderedDict(self._decode_pairs(data)),
            "counter": self._decode_counter,
            "defaultdict": self._decode_defaultdict,
            **readers,
        }
        self._stability: dict[type[Any], Stability] = {
            tuple: self._all_stable,
            frozenset: self._all_stable,
        }

    # --- encoding

    def encode(self, value: Value) -> Json:
        """Write a value by its run-time type."""
        cls = type(value)
        encoder = self._encoders.get(cls) or self._find_encoder(cls)
        return encoder(value)

    def apart(self, value: Value) -> Json:
        """Write a value that does not match its annotation: as an envelope, so that it is seen to be meant so."""
        data = self.encode(value)
        return data if type(data) is dict and TAG in data else {TAG: "any", "value": data}

    def unowned(self, kinds: int) -> Encoder:
        """Encoder for members of a union beside others whose plain form uses the JSON kinds `kinds`."""
        encode = self.encode
        if kinds == NO_KIND:
            return encode

        def encode_apart(value: Value) -> Json:
            data = encode(value)
            return {TAG: "any", "value": data} if kind_of(data) & kinds else data

        return encode_apart

    def _find_encoder(self, cls: type[Any]) -> Encoder:
        scalar = scalar_of(cls)
        encoder = self._class_encoder(cls) if scalar is None else scalar.write_envelope
        self._encoders[cls] = encoder
        return encoder

    def _encode_list(self, value: Iterable[Value]) -> list[Json]:
        encoders, out = self._encoders, list[Json]()
        try:
            for item in value:
                cls = type(item)
                out.append((encoders.get(cls) or self._find_encoder(cls))(item))
        except Failure as failure:
            raise failure.at(f"[{len(out)}]") from None
        return out

    def _encode_set(self, value: Iterable[Value]) -> list[Json]:
        out: list[Json] = []
        for item in value:
            try:
                out.append(self.encode(item))
            except Failure as failure:
                raise failure.at(f"{{{item!r}}}") from None
        return sort_items(out)

    def _encode_deque(self, value: deque[Value]) -> Json:
        return {TAG: "deque", "items": self._encode_list(value), "maxlen": value.maxlen}

    def _encode_dict(self, value: dict[Value, Value]) -> Json:
        encoders, out = self._encoders, dict[str, Json]()
        key: Value = None
        try:
            for key, item in value.items():
                if type(key) is not str or key == TAG or not (key.isascii() or is_portable(key)):
                    break
                cls = type(item)
                out[key] = (encoders.get(cls) or self._find_encoder(cls))(item)
            else:
                return out
        except Failure as failure:
            raise failure.at(f"[{key!r}]") from None
        return self._encode_pairs("dict", value.items())

    def _encode_pairs(self, tag: str, pairs: Collection[tuple[Value, Value]]) -> dict[str, Json]:
        encode = self.encode
        items: list[Json] = []
        for key, item in pairs:
            try:
                encoded_key = encode(key)
            except Failure as failure:
                raise failure.at(f".keys()[{len(items)}]") from None
            try:
                items.append([encoded_key, encode(item)])
            except Failure as failure:
                raise failure.at(f"[{key!r}]") from None
        return {TAG: tag, "items": items}

    def _encode_defaultdict(self, value: defaultdict[Value, Value]) -> Json:
        factory = value.default_factory
        name = getattr(factory, "__name__", "")
        if factory is not None and _FACTORIES.get(name) is not factory:
            raise Failure(
                f"a defaultdict with the factory {factory!r} cannot be stored: store dict(value), "
                f"or use one of the factories {', '.join(_FACTORIES)}"
            )
        envelope = self._encode_pairs("defaultdict", value.items())
        envelope["factory"] = name or None
        return envelope

    # --- decoding

    @property
    def is_strict(self) -> bool:
        """Whether a run is replayed: what the code that reads would not have written is refused."""
        return self._mode.is_strict

    @contextmanager
    def strictly(self, *, on: bool = True) -> Generator[None, None, None]:
        """Be strict meanwhile, or not; of this thread."""
        before, self._mode.is_strict = self._mode.is_strict, on
        try:
            yield
        finally:
            self._mode.is_strict = before

    def others(self, expected: str) -> Decoder:
        """Decoder of what has not the plain form of an annotation: envelopes, and when it is not strict anything."""
        decode, mode = self.decode, self._mode

        def decode_other(data: Json) -> Value:
            if mode.is_strict and not (type(data) is dict and TAG in data):
                shown = dump(data)
                text = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
                raise Failure(
                    f"{text} is stored, which is no {expected}: the annotation was another when it was recorded"
                )
            return decode(data)

        return decode_other

    def decode(self, data: Json) -> Value:
        """Read what `encode` wrote, or any plain JSON."""
        kind = type(data)
        if kind is list:
            return list(map(self.decode, data))
        if kind is dict:
            tag = data.get(TAG)
            if tag is None:
                return dict(zip(data, map(self.decode, data.values()), strict=True))
            reader = self._readers.get(tag)
            if reader is None:
                raise Failure(f"{{{TAG!r}: {tag!r}}} is unknown: a newer version may have written it")
            return reader(data)
        return data

    def _decode_items(self, data: Json) -> Iterable[Value]:
        return map(self.decode, data["items"])

    def _decode_pairs(self, data: Json) -> dict[Value, Value]:
        decode = self.decode
        return {decode(key): decode(item) for key, item in data["items"]}

    def _decode_counter(self, data: Json) -> Value:
        counter: Counter[Value] = Counter()
        dict[Value, Value].update(counter, self._decode_pairs(data))
        return counter

    def _decode_defaultdict(self, data: Json) -> Value:
        name = data["factory"]
        return defaultdict(None if name is None else _FACTORIES[name], self._decode_pairs(data))

    # --- stability

    def is_stable(self, value: Value) -> bool:
        """Whether a value that was encoded cannot change and comes back as its equal, so that it needs no copy."""
        cls = type(value)
        if cls in _ENDLESSLY_STABLE:
            return True
        stability = self._stability.get(cls)
        return stability is not None and stability(value)

    def add_stability(self, cls: type[Any], stability: Stability) -> None:
        """Teach `is_stable` about a user class."""
        self._stability[cls] = stability

    def _all_stable(self, items: Collection[Value]) -> bool:
        return all(map(self.is_stable, items))
