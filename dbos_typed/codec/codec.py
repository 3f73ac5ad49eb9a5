"""The codec of one registry: plans by annotation, calls by function, exceptions."""

from __future__ import annotations

import contextlib
import enum
import functools
import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Protocol, TypeAlias, TypeVar

from dbos_typed.codec.adapters import PYDANTIC_TAG, PydanticForm
from dbos_typed.codec.calls import CallPlan, compile_annotation
from dbos_typed.codec.compiler import Compiler, writes_itself
from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.exceptions import ERROR_TAG, PART_TAG, ErrorForm
from dbos_typed.codec.failure import Failure
from dbos_typed.codec.jsontext import Json, Value
from dbos_typed.codec.known import Known
from dbos_typed.codec.node import Encoder
from dbos_typed.codec.objects import ENUM_TAG, OBJECT_TAG, EnumForm
from dbos_typed.codec.parts import Reducer, Reducers
from dbos_typed.codec.plan import Plan, decoding_error, encoding_error
from dbos_typed.codec.pydantic_shapes import is_pydantic_model
from dbos_typed.codec.refusals import is_handle, name_of, refuse
from dbos_typed.codec.stored import MARK, StoredText
from dbos_typed.codec.unstored import TAG_UNSTORED, Unstored, read
from dbos_typed.config import Serializer
from dbos_typed.error import DBOSSerializationError

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)


class _Form(Protocol):
    """How instances of one class say their class."""

    def encode_envelope(self, value: Value, /) -> Json: ...

    def decode_envelope(self, data: Json, /) -> Value: ...


_Shelf: TypeAlias = dict[type[Any], _Form]


class Codec:
    """Encodes by annotation to JSON text, and knows the classes that stored text may name."""

    def __init__(self) -> None:
        self._known = Known()
        self._stored = StoredText()
        self._reducers = Reducers()
        self._errors = ErrorForm(self._known, self._reducers)
        self._forms: _Shelf = {}
        self._dynamic = Dynamic(
            self._class_encoder,
            {
                OBJECT_TAG: self._decode_named,
                ENUM_TAG: self._decode_named,
                PYDANTIC_TAG: self._decode_named,
                ERROR_TAG: lambda data: self._errors.decode(data, self._dynamic),
                PART_TAG: lambda data: self._errors.decode_part(data, self._dynamic),
                TAG_UNSTORED: read,
            },
        )
        self._compiler = Compiler(self._dynamic, self._known)

    def after_fork(self) -> None:
        """In a forked process: be of use, whatever the parent's threads were about."""
        self._compiler.after_fork()

    def plan(self, annotation: object, *, where: str, root: str = "value") -> Plan[Any]:
        """The plan of an annotation.

        `where` names the position in errors ("event 'progress'"), `root` the value in their paths. Raises
        DBOSSerializationError when the annotation names a type that cannot be stored.
        """
        node = compile_annotation(self._compiler, annotation, where=where, root=root, tolerant=True)
        return Plan(node, self._dynamic, self._stored, where=where, root=root)

    def call_plan(
        self,
        function: Callable[..., object],
        *,
        where: str,
        skip_first: bool = False,
        names: Mapping[str, object] | None = None,
    ) -> CallPlan:
        """The plan of a function's arguments and result; compiled by its `check` or when it is first used.

        `skip_first` leaves out `self` or `cls`; `names` are local names that annotations may use.
        """
        return CallPlan(
            function, self._compiler, self._dynamic, self._stored, where=where, skip_first=skip_first, names=names
        )

    def know_class(self, cls: type[Any]) -> None:
        """Let stored text name `cls` and its subclasses."""
        self._known.add(cls)

    def know_module(self, module_name: str) -> None:
        """Let stored text name the classes that a module defines or imports."""
        self._known.add_module(module_name)

    def add_reducer(self, cls: type[Any], reducer: Reducer) -> None:
        """Let exceptions of this class, and instances of it that exceptions carry, be taken apart by a function."""
        self._reducers.add(cls, reducer)

    # --- the form of stored text

    @property
    def serializer(self) -> Serializer | None:
        """Writes and reads what is stored; None: it is JSON."""
        return self._stored.serializer

    @serializer.setter
    def serializer(self, serializer: Serializer | None) -> None:
        self._stored.serializer = serializer

    def is_same(self, one: str, other: str) -> bool:
        """Whether two stored texts say the same; a serializer may write one value in many ways."""
        if one == other or not (one.startswith(MARK) or other.startswith(MARK)):
            return one == other
        try:
            return self._canonical(one) == self._canonical(other)
        except Exception:  # noqa: BLE001  # damaged data may raise anything
            return False

    def digest(self, text: str) -> str:
        """A short digest of a text, to be stored: written by the serializer, because it may tell what the text is."""
        digest = blake2b(text.encode(), digest_size=8).hexdigest()
        return self._stored.seal(f'"{digest}"') if self._stored.serializer is not None else digest

    def is_same_digest(self, one: str, other: str) -> bool:
        """Whether two digests are of the same text; of what cannot be read here nobody can tell, and it passes."""
        try:
            return bool(self._plain(one) == self._plain(other))
        except Exception:  # noqa: BLE001  # damaged data may raise anything
            return True

    def _canonical(self, text: str) -> str:
        return json.dumps(self._stored.load(text), sort_keys=True)

    def _plain(self, digest: str) -> Value:
        return self._stored.load(digest) if digest.startswith(MARK) else digest

    # --- exceptions

    def told(self, error: E) -> E:
        """The error, or a copy without what is not for databases, logs and traces; see Teller."""
        return self._errors.told(error)

    def encode_error(self, error: BaseException) -> str:
        """Write an exception: class, arguments, attributes, notes and cause, without its traceback."""
        try:
            return self._stored.dump(self._errors.encode(error, self._dynamic))
        except Exception as failed:  # noqa: BLE001  # whatever is wrong with an error, it is to be told
            raise encoding_error(failed, error, where="exception", root=name_of(type(error))) from None

    def decode_error(self, text: str) -> Exception:
        """Rebuild an exception; a RemoteError when its class is unknown here, or is that of no `Exception`.

        Raises DBOSSerializationError when the text is no stored exception.
        """
        try:
            return self._errors.decode_raised(self._stored.load(text), self._dynamic)
        except Exception as error:
            raise decoding_error(error, where="exception", root="exception") from error

    def decode_recorded_error(self, text: str) -> Exception:
        """Rebuild an exception as it was rebuilt when it was recorded.

        Raises DBOSSerializationError when that cannot be done here: its class was moved or removed, say.
        """
        with self._dynamic.strictly():
            return self.decode_error(text)

    def decode_recorded(self, plan: Plan[T], text: str) -> T:
        """Read a value as it was when it was recorded. Raises DBOSSerializationError when it is not the same here."""
        with self._dynamic.strictly():
            return plan.decode(text)

    def replay_error(self, error: Exception) -> tuple[str, Exception]:
        """Encode an exception, and give the one that decoding would give; it keeps the traceback."""
        text, back = self._settled(self.encode_error(error))
        return text, back.with_traceback(error.__traceback__)

    def settled_error(self, text: str) -> str:
        """A stored exception that this process rebuilds, or one that is a RemoteError from now on."""
        try:
            return self._settled(text)[0]
        except DBOSSerializationError:
            return text  # no exception at all, which whoever reads it is told

    def _settled(self, text: str) -> tuple[str, Exception]:
        try:
            return text, self.decode_recorded_error(text)
        except DBOSSerializationError:
            self.decode_error(text)
        # A cause that is unknown here does not make its error unknown.
        data = self._errors.settle_causes(self._stored.load(text), self._dynamic)
        with contextlib.suppress(DBOSSerializationError):
            text = self._stored.dump(data)
            return text, self.decode_recorded_error(text)
        text = self._stored.dump({**data, "remote": True})
        return text, self.decode_recorded_error(text)

    # --- user classes in positions that do not name them

    def _class_encoder(self, cls: type[Any]) -> Encoder:
        if issubclass(cls, BaseException):
            return functools.partial(self._errors.encode_envelope, dynamic=self._dynamic)
        if issubclass(cls, Unstored):
            return Unstored.stored
        form = self._form(cls)
        if not self._known.has(cls):
            raise Failure(
                f"a {name_of(cls)} cannot be stored here, because a recovering process would not find its class: "
                "name the class in the annotation of the parameter or result, or define or import it at the top of a "
                "module that has workflows or steps"
            )
        return form.encode_envelope

    def _form(self, cls: type[Any]) -> _Form:
        form = self._forms.get(cls)
        if form is None:
            form = self._forms[cls] = self._make_form(cls)
        return form

    def _make_form(self, cls: type[Any]) -> _Form:
        if issubclass(cls, enum.Enum):
            self._dynamic.add_stability(cls, lambda _: True)
            return EnumForm(cls)
        if writes_itself(cls):
            return PydanticForm(cls)
        try:
            form = self._compiler.object_form(cls)
        except Failure:
            if is_pydantic_model(cls):
                return PydanticForm(cls)
            raise
        if form is None or is_handle(cls):
            raise Failure(refuse(cls))
        self._dynamic.add_stability(cls, form.is_stable)
        return form

    def _decode_named(self, data: dict[str, Json]) -> Value:
        ref = data["class"]
        cls = self._known.find(ref)
        if cls is None:
            raise Failure(
                f"the class {ref!r} is unknown here: import its module at the top of a module that has workflows or "
                "steps, under the name it had when the value was stored, which may be a re-export",
                unknown_class=ref,
            )
        return self._form(cls).decode_envelope(data)
