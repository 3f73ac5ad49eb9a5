"""From annotation to node: which form the values of which type have."""

from __future__ import annotations

import enum
import functools
import inspect
import sys
import threading
import typing
from collections import Counter, OrderedDict, abc, defaultdict, deque
from collections.abc import Callable
from datetime import tzinfo
from types import UnionType
from typing import Any, ForwardRef, Literal, NewType, ParamSpec, TypeAlias, TypeVar, Union, get_args, get_origin

import typing_extensions
from typing_extensions import TypeAliasType

from dbos_typed.codec import containers
from dbos_typed.codec.annotations import ClassAnnotations, resolve, substitute
from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.failure import Failure, UnresolvedNameError
from dbos_typed.codec.jsontext import Json, Value
from dbos_typed.codec.known import Known
from dbos_typed.codec.natural import fast_decoder, fast_encoder, with_narrower
from dbos_typed.codec.node import ANY_KIND, INTEGER, NO_KIND, OBJECT, STRING, Decoder, Encoder, Node
from dbos_typed.codec.objects import EnumForm, ObjectForm
from dbos_typed.codec.pydantic_shapes import is_customised, is_pydantic_model
from dbos_typed.codec.refusals import is_handle, name_of, refuse, refuse_object
from dbos_typed.codec.scalars import PATH_ANNOTATIONS, scalar_of
from dbos_typed.codec.shape import Field
from dbos_typed.codec.shapes import is_data_class, shape_of
from dbos_typed.codec.unions import union_node

Arguments: TypeAlias = tuple[object, ...]

# Say something about the position, not about the value.
_QUALIFIERS = frozenset[object](
    {
        typing.Annotated,
        typing.Final,
        typing.ClassVar,
        typing.Required,
        typing.NotRequired,
        typing_extensions.Required,
        typing_extensions.NotRequired,
        typing_extensions.ReadOnly,
    }
)

_UNDESCRIBED = frozenset[object](
    {
        Any,
        object,
        typing_extensions.Any,
        typing.NoReturn,
        typing.Never,
        typing_extensions.Never,
        typing.Self,
        typing_extensions.Self,
        typing.Unpack,
        typing_extensions.Unpack,
        enum.Enum,
        enum.IntEnum,
        enum.StrEnum,
        enum.Flag,
        enum.IntFlag,
        tzinfo,
    }
)

_LISTS = frozenset[object](
    {list, abc.Sequence, abc.MutableSequence, abc.Iterable, abc.Collection, abc.Container, abc.Reversible}
)
_DICTS = frozenset[object]({dict, abc.Mapping, abc.MutableMapping})
_SETS = frozenset[object]({set, frozenset, abc.Set, abc.MutableSet})
_NATURAL_KINDS: dict[object, int] = {type(None): NO_KIND, bool: NO_KIND, float: NO_KIND, int: INTEGER, str: STRING}
_LITERAL_STRINGS = frozenset[object]({typing.LiteralString, typing_extensions.LiteralString})
_MARKS_OF_ACTION = frozenset({"__next__", "__anext__", "__await__", "__aiter__", "__enter__", "__aenter__", "__call__"})
_HEAP_TYPE = 1 << 9  # defined in Python

# Python's own and, before 3.14, the one of typing_extensions with the later version's repairs.
_ALIASES: tuple[type[Any], ...] = (TypeAliasType, getattr(typing, "TypeAliasType", TypeAliasType))


class Compiler:
    """Compiles annotations to nodes, each once.

    While `tolerant`, a name that cannot be resolved makes its position untyped and is noted in `notes`; otherwise it
    raises UnresolvedNameError. Types that cannot be stored raise Failure.
    """

    def __init__(self, dynamic: Dynamic, known: Known) -> None:
        self._dynamic = dynamic
        self._known = known
        self._nodes: dict[object, Node] = {}
        self._added: list[object] = []
        self._tolerant = True
        # Unfinished nodes must not be seen by another thread. Nothing compiled compiles in turn.
        self._lock = threading.Lock()
        self.notes: list[str] = []
        self._untyped = Node(types=(), kinds=ANY_KIND, natural=True, encode=dynamic.encode, decode=dynamic.decode)

    @property
    def untyped(self) -> Node:
        """The node of positions that no annotation describes."""
        return self._untyped

    def after_fork(self) -> None:
        """In a forked process: a thread that is not here may hold the lock for ever."""
        self._lock = threading.Lock()

    def compile(self, annotation: object, *, tolerant: bool) -> Node:
        """The node of an annotation without unevaluated strings."""
        with self._lock:
            self._tolerant = tolerant
            self._added.clear()
            try:
                return self._compile(annotation)
            except BaseException:
                # Nodes made on the way may refer to the one that failed.
                for key in self._added:
                    self._nodes.pop(key, None)
                raise

    def object_form(self, cls: type[Any]) -> ObjectForm | None:
        """How instances of a data class say their class; None when it is no data class."""
        shape = shape_of(cls)
        if shape is None:
            return None
        nodes: list[Node] = []
        for field in shape.fields:
            try:
                nodes.append(self.compile(self._field(cls, field), tolerant=True))
            except Failure as failure:
                raise failure.at(f".{field.name}") from None
        return ObjectForm(cls, shape, nodes, self._dynamic)

    # --- by kind of annotation

    def _compile(self, annotation: object) -> Node:
        try:
            node = self._nodes.get(annotation)
        except TypeError:  # an unhashable argument of Annotated
            return self._generic(annotation, get_origin(annotation), get_args(annotation))
        if node is None:
            node = self._dispatch(annotation)
            self._keep(annotation, node)
        return node

    def _keep(self, annotation: object, node: Node) -> None:
        if annotation not in self._nodes:
            self._added.append(annotation)
        self._nodes[annotation] = node

    def _dispatch(self, annotation: object) -> Node:
        if annotation is None:
            return self._natural(type(None))
        if annotation in _LITERAL_STRINGS:
            return self._natural(str)
        if annotation in _UNDESCRIBED or isinstance(annotation, ParamSpec):
            return self._untyped
        if isinstance(annotation, TypeVar):
            return self._type_variable(annotation)
        if isinstance(annotation, _ALIASES):
            return self._alias(annotation, annotation, ())
        if isinstance(annotation, str | ForwardRef):
            return self._unresolved(f"{annotation!r} is an unevaluated string")
        if isinstance(annotation, NewType):
            return self._compile(annotation.__supertype__)
        return self._generic(annotation, get_origin(annotation), get_args(annotation))

    def _generic(  # one for each kind of annotation
        self, annotation: object, origin: object, arguments: Arguments
    ) -> Node:
        if origin in _QUALIFIERS or annotation in _QUALIFIERS:
            return self._qualified(annotation, arguments)
        if origin is Union or origin is UnionType:
            return union_node([self._compile(argument) for argument in arguments], self._dynamic)
        if origin is Literal or origin is typing_extensions.Literal:
            for value in arguments:
                if isinstance(value, enum.Enum):
                    self._known.add(type(value))
            return union_node([self._compile(type(value)) for value in arguments], self._dynamic)
        if isinstance(origin, _ALIASES):
            return self._alias(annotation, origin, arguments)
        if isinstance(origin, type):
            return self._class(origin, arguments, annotation)
        if isinstance(annotation, type):
            return self._class(annotation, (), annotation)
        if origin in _UNDESCRIBED or type(annotation).__name__ in {"ParamSpecArgs", "ParamSpecKwargs", "TypeVarTuple"}:
            return self._untyped
        raise Failure(refuse_object(annotation))

    def _qualified(self, annotation: object, arguments: Arguments) -> Node:
        try:
            return self._compile(arguments[0]) if arguments else self._untyped
        except Failure as failure:
            failure.is_annotated = failure.is_annotated or hasattr(annotation, "__metadata__")
            raise

    def _natural(self, cls: type[Any]) -> Node:
        return Node(
            types=(cls,),
            kinds=_NATURAL_KINDS[cls],
            natural=True,
            encode=fast_encoder(cls, self._encoder_of_others(cls)),
            decode=fast_decoder(cls, self._decoder_of_others(cls)),
        )

    def _encoder_of_others(self, cls: type[Any]) -> Encoder:
        fitting, encode, apart = with_narrower((cls,)), self._dynamic.encode, self._dynamic.apart

        def encode_other(value: Value) -> Json:
            return encode(value) if type(value) in fitting else apart(value)

        return encode_other

    def _decoder_of_others(self, cls: type[Any]) -> Decoder:
        fitting, decode_other = with_narrower((cls,)), self._dynamic.others(name_of(cls))

        def decode(data: Json) -> Value:
            return data if type(data) in fitting else decode_other(data)

        return decode

    def _type_variable(self, variable: TypeVar) -> Node:
        if variable.__constraints__:
            return union_node([self._compile(constraint) for constraint in variable.__constraints__], self._dynamic)
        return self._untyped if variable.__bound__ is None else self._compile(variable.__bound__)

    def _alias(self, annotation: object, alias: Any, arguments: Arguments) -> Node:  # noqa: ANN401  # of two classes
        pending = Node(types=(), kinds=ANY_KIND)
        self._keep(annotation, pending)
        module = sys.modules.get(alias.__module__ or "")
        value = self._resolved(lambda: resolve(alias.__value__, {}, {} if module is None else vars(module)), str(alias))
        node = self._compile(substitute(value, dict(zip(alias.__type_params__, arguments, strict=False))))
        pending.encode, pending.decode = node.encode, node.decode
        return node

    def _resolved(self, annotation: Callable[[], object], where: str) -> object:
        try:
            return annotation()
        except UnresolvedNameError as error:
            self._unresolved(f"{where}: {error}")
            return Any

    def _field(self, cls: type[Any], field: Field) -> object:
        return self._resolved(field.annotation, f"{name_of(cls)}.{field.name}")

    def _unresolved(self, note: str) -> Node:
        if not self._tolerant:
            raise UnresolvedNameError(note)
        self.notes.append(note)
        return self._untyped

    # --- by class

    def _class(self, cls: type[Any], arguments: Arguments, annotation: object) -> Node:
        if cls in _NATURAL_KINDS:
            return self._natural(cls)
        if cls in _UNDESCRIBED:
            return self._untyped
        cls = PATH_ANNOTATIONS.get(cls, cls)
        scalar = scalar_of(cls)
        if scalar is not None:
            return self._scalar(cls, scalar.kind, scalar.write, scalar.read)
        container = self._container(cls, arguments)
        if container is not None:
            return container
        if typing_extensions.is_typeddict(cls):
            return self._typed_dict(cls, arguments, annotation)
        if issubclass(cls, enum.Enum):
            self._known.add(cls)
            self._dynamic.add_stability(cls, lambda _: True)
            return EnumForm(cls).node(self._dynamic) if len(cls) else self._untyped
        return self._data_class(cls, arguments, annotation)

    def _scalar(self, cls: type[Any], kind: int, write: Callable[[Any], Json], read: Callable[[Any], Value]) -> Node:
        mismatch, decode_other = self._dynamic.apart, self._dynamic.others(name_of(cls))
        json_type: type[Any] = str if kind == STRING else list

        def encode(value: Value) -> Json:
            return write(value) if type(value) is cls else mismatch(value)

        def decode(data: Json) -> Value:
            return read(data) if type(data) is json_type else decode_other(data)

        return Node(types=(cls,), kinds=kind, encode=encode, decode=decode)

    def _container(self, cls: type[Any], arguments: Arguments) -> Node | None:
        dynamic = self._dynamic
        if cls in _LISTS:
            return containers.list_node(self._item(arguments, 0), dynamic)
        if cls in _DICTS:
            return self._dict(arguments)
        if cls in _SETS:
            made = frozenset if cls is frozenset else set
            return containers.set_node(made, self._item(arguments, 0), dynamic)
        if cls is deque:
            return containers.deque_node(self._item(arguments, 0), dynamic)
        if cls is tuple:
            return self._tuple(arguments)
        if cls in (OrderedDict, Counter, defaultdict):
            for position in range(len(arguments)):
                self._item(arguments, position)
            return Node(types=(cls,), kinds=NO_KIND, natural=True, encode=dynamic.encode, decode=dynamic.decode)
        return None

    def _dict(self, arguments: Arguments) -> Node:
        if not arguments:
            return Node(
                types=(dict,), kinds=OBJECT, natural=True, encode=self._dynamic.encode, decode=self._dynamic.decode
            )
        key, item = self._item(arguments, 0, "key"), self._item(arguments, 1, "value")
        form = containers.key_form(key)
        if form is None:
            return containers.pairs_dict_node(key, item, self._dynamic)
        return containers.object_dict_node(form, item, self._dynamic)

    def _item(self, arguments: Arguments, position: int, name: str = "") -> Node:
        if position >= len(arguments):
            return self._untyped
        try:
            return self._compile(arguments[position])
        except Failure as failure:
            raise failure.at(f"[{name}]") from None

    def _tuple(self, arguments: Arguments) -> Node:
        if len(arguments) == 2 and arguments[1] is ...:  # noqa: PLR2004  # tuple[T, ...]
            return containers.variadic_tuple_node(self._item(arguments, 0), self._dynamic)
        if not arguments or any(_is_unpacked(argument) for argument in arguments):
            return containers.variadic_tuple_node(self._untyped, self._dynamic)
        items = [self._item(arguments, position, str(position)) for position in range(len(arguments))]
        return containers.fixed_tuple_node(items, self._dynamic)

    def _typed_dict(self, cls: type[Any], arguments: Arguments, annotation: object) -> Node:
        pending = Node(types=(dict,), kinds=OBJECT)
        self._keep(annotation, pending)
        annotations = ClassAnnotations(cls, arguments)
        fields: dict[str, Node] = {}
        name: str
        for name in typing_extensions.get_annotations(cls, format=typing_extensions.Format.FORWARDREF):
            try:
                fields[name] = self._compile(self._resolved(functools.partial(annotations.resolve, name), name))
            except Failure as failure:
                raise failure.at(f"[{name!r}]") from None
        node = containers.typed_dict_node(fields, self._dynamic)
        pending.encode, pending.decode = node.encode, node.decode
        return node

    def _data_class(self, cls: type[Any], arguments: Arguments, annotation: object) -> Node:
        if is_handle(cls):
            raise Failure(refuse(cls))
        if _is_open(cls):
            self._known.add(cls)
            return self._untyped
        if not isinstance(annotation, type) and not arguments:
            annotation = cls
        shape = shape_of(cls, arguments)
        if shape is None:
            raise Failure(refuse(cls))
        self._known.add(cls)
        pending = Node(types=(cls,), kinds=OBJECT)
        self._keep(annotation, pending)
        nodes: list[Node] = []
        for field in shape.fields:
            try:
                nodes.append(self._compile(self._field(cls, field)))
            except Failure as failure:
                if not is_pydantic_model(cls) or not (failure.is_annotated or is_customised(cls, field.name)):
                    raise failure.at(f".{field.name}") from None
                # Pydantic was told how to write it, as part of the whole.
                pending.encode, pending.decode = self._dynamic.encode, self._dynamic.decode
                return self._untyped
        form = ObjectForm(cls, shape, nodes, self._dynamic)
        self._dynamic.add_stability(cls, form.is_stable)
        pending.encode = form.plain_encoder(self._dynamic.apart)
        pending.decode = form.plain_decoder()
        return pending


def _is_unpacked(argument: object) -> bool:
    return get_origin(argument) in (typing.Unpack, typing_extensions.Unpack) or bool(
        getattr(argument, "__unpacked__", False)
    )


def _is_open(cls: type[Any]) -> bool:
    """Whether a class says little about the data and its subclasses more: base classes, protocols, exceptions."""
    if issubclass(cls, BaseException):
        return True
    pydantic = sys.modules.get("pydantic")
    if pydantic is not None and (cls is pydantic.BaseModel or writes_itself(cls)):
        return True
    if any(not _MARKS_OF_ACTION.isdisjoint(vars(base)) for base in cls.__mro__):
        return False
    if inspect.isabstract(cls) or getattr(cls, "_is_protocol", False):
        return True
    return (
        _is_untouched(cls, "__init__")
        and _is_untouched(cls, "__new__")
        and cls.__module__.partition(".")[0] not in sys.stdlib_module_names
        and bool(cls.__flags__ & _HEAP_TYPE)
        and not is_data_class(cls)
    )


def _is_untouched(cls: type[Any], name: str) -> bool:
    # Protocols get an `__init__` from typing.
    return all(base is object or name not in vars(base) or _is_protocol(base) for base in cls.__mro__)


def _is_protocol(cls: type[Any]) -> bool:
    return bool(vars(cls).get("_is_protocol"))


def writes_itself(cls: type[Any]) -> bool:
    """Whether pydantic knows how to write instances of a class that is neither a model nor a data class."""
    return hasattr(cls, "__get_pydantic_core_schema__") and not hasattr(cls, "model_fields") and not is_data_class(cls)
