"""The arguments and the result of one function."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, TypeAlias, get_args, get_origin

import typing_extensions

from dbos_typed.codec.annotations import ClassAnnotations, FunctionAnnotations
from dbos_typed.codec.compiler import Compiler
from dbos_typed.codec.dynamic import Dynamic
from dbos_typed.codec.failure import Failure, UnresolvedNameError
from dbos_typed.codec.jsontext import Json, Value, dump
from dbos_typed.codec.natural import is_portable
from dbos_typed.codec.node import Node
from dbos_typed.codec.plan import Plan, UndecodableValue, decoding_error, encoding_error
from dbos_typed.codec.stored import StoredText
from dbos_typed.error import DBOSSerializationError

Arguments: TypeAlias = tuple[tuple[Any, ...], dict[str, Any]]
"""Positional and keyword arguments, as a call gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    """Nodes of positional parameters in order, of keyword ones by name, and of the surplus of either."""

    positional: tuple[tuple[str, Node], ...]
    keyword: dict[str, Node]
    more_positional: tuple[str, Node] | None
    more_keyword: Node | None
    required: frozenset[str]
    # The names of the first n positional parameters, by n; empty where a surplus is allowed.
    prefixes: tuple[frozenset[str], ...]

    def obviously_fits(self, count: int, kwargs: Mapping[str, object]) -> bool:
        """Whether `count` positional arguments and `kwargs` fit the signature, as far as that is quick to see."""
        if count >= len(self.prefixes):
            return False
        given = self.prefixes[count]
        if not kwargs:
            return self.required <= given
        names = kwargs.keys()
        return names <= self.keyword.keys() and given.isdisjoint(names) and self.required <= given | names


class CallPlan:
    """Encoder and decoder of a function's arguments, and the plan of its result.

    Arguments are stored as given: defaults are not filled in, so they may change later. Annotations are compiled by
    `check`, at the latest at the first use; names that cannot be resolved even then leave their parameter untyped and
    are listed in `notes`.
    """

    def __init__(
        self,
        function: Callable[..., object],
        compiler: Compiler,
        dynamic: Dynamic,
        stored: StoredText,
        *,
        where: str,
        skip_first: bool = False,
        names: Mapping[str, object] | None = None,
    ) -> None:
        self.where = where
        self.notes: tuple[str, ...] = ()
        self._name = getattr(function, "__qualname__", repr(function))
        self._annotations = FunctionAnnotations(function, names)
        signature = self._annotations.signature
        parameters = list(signature.parameters.values())
        if skip_first and parameters and parameters[0].kind is not Parameter.VAR_POSITIONAL:
            parameters = parameters[1:]
        self._signature = signature.replace(parameters=parameters)
        self._compiler = compiler
        self._dynamic = dynamic
        self._stored = stored
        self._compiled: _Compiled | None = None
        self._result: Plan[Any] | None = None

    def check(self) -> bool:
        """Compile the annotations now; False when a name does not exist yet, so that it has to be done later.

        Raises DBOSSerializationError when a parameter or the result is of a type that cannot be stored.
        """
        if self._compiled is None:
            try:
                compiled, result = self._compile(tolerant=False), self._compile_result(tolerant=False)
            except UnresolvedNameError:
                return False
            self._compiled, self._result = compiled, result
        return True

    @property
    def result(self) -> Plan[Any]:
        """The plan of what the function returns; a step's parameters, which are not stored, do not matter to it."""
        if self._result is None:
            self._result = self._compile_result(tolerant=True)
        return self._result

    def encode(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
        """Write the arguments of a call.

        Raises TypeError when they do not fit the signature, DBOSSerializationError when they cannot be stored.
        """
        data = self._encoded(args, kwargs)
        try:
            return self._stored.dump(data)
        except Exception as error:  # noqa: BLE001  # a serializer may raise anything
            raise encoding_error(error, args, where=self.where, root="arguments") from _origin(error)

    def plain(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
        """The arguments of a call as JSON text, which no serializer sees; to compare calls. Raises as `encode`."""
        return dump(self._encoded(args, kwargs))

    def _encoded(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Json:
        compiled = self._compiled or self._ready()
        if not compiled.obviously_fits(len(args), kwargs):
            self._check_fit(args, kwargs)
        name, value = "", None
        positional: list[Json] = []
        keyword: dict[str, Json] = {}
        try:
            for (name, node), value in zip(compiled.positional, args, strict=False):  # noqa: B007  # for errors
                positional.append(node.encode(value))
            if len(args) > len(positional):
                self._encode_surplus(compiled, args, positional)
            for name, value in kwargs.items():
                keyword[name] = self._keyword_node(compiled, name).encode(value)
            return {"args": positional, "kwargs": keyword}
        except DBOSSerializationError:
            raise
        except Exception as error:  # noqa: BLE001  # user classes may raise anything
            raise encoding_error(error, value, where=self.where, root=name) from _origin(error)

    def decode(self, text: str) -> Arguments:
        """Read what `encode` wrote. Raises DBOSSerializationError."""
        compiled = self._compiled or self._ready()
        name = "arguments"
        try:
            data = self._stored.load(text)
            args: list[Value] = []
            for (name, node), item in zip(compiled.positional, data["args"], strict=False):  # noqa: B007  # for errors
                args.append(node.decode(item))
            name, more = compiled.more_positional or ("args", self._compiler.untyped)
            args.extend(map(more.decode, data["args"][len(args) :]))
            kwargs: dict[str, Value] = {}
            for name, item in data["kwargs"].items():
                kwargs[name] = self._keyword_node(compiled, name).decode(item)
        except Exception as error:  # noqa: BLE001  # damaged data may raise anything
            raise decoding_error(error, where=self.where, root=name) from _origin(error)
        return tuple(args), kwargs

    def replay(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> tuple[str, Arguments]:
        """Encode, and give the arguments that decoding would give; those that cannot change are not copied."""
        text = self.encode(args, kwargs)
        is_stable = self._dynamic.is_stable
        if self._stored.serializer is None and all(map(is_stable, args)) and all(map(is_stable, kwargs.values())):
            return text, (args, dict(kwargs))
        return text, self.decode(text)

    def try_decode(self, text: str) -> Arguments | UndecodableValue:
        """Read what `encode` wrote, or say why it cannot be read."""
        try:
            return self.decode(text)
        except DBOSSerializationError as error:
            return UndecodableValue(reason=error.message, text=text)

    def is_same_call(self, one: str, other: str) -> bool:
        """Whether two stored calls give every parameter the same value, be it by position, by name or by default."""
        try:
            return self._bound(one) == self._bound(other)
        except Exception:  # noqa: BLE001  # damaged data and user classes may raise anything
            return False

    def _bound(self, text: str) -> str:
        args, kwargs = self.decode(text)
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return self.plain(bound.args, dict(sorted(bound.kwargs.items())))

    def _encode_surplus(self, compiled: _Compiled, args: tuple[object, ...], positional: list[Json]) -> None:
        assert compiled.more_positional is not None  # noqa: S101  # the arguments fit the signature
        name, node = compiled.more_positional
        first = len(positional)
        for position, value in enumerate(args[first:]):
            try:
                positional.append(node.encode(value))
            except Exception as error:  # noqa: BLE001  # user classes may raise anything
                root = f"{name}[{position}]"
                raise encoding_error(error, value, where=self.where, root=root) from _origin(error)

    def _keyword_node(self, compiled: _Compiled, name: str) -> Node:
        node = compiled.keyword.get(name)
        if node is None:
            if not is_portable(name):
                raise Failure("a keyword that is no valid Unicode cannot be stored")
            node = compiled.more_keyword or self._compiler.untyped
        return node

    def _check_fit(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
        try:
            self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self._name}() {error}") from None

    def _ready(self) -> _Compiled:
        if self._compiled is None:
            before = len(self._compiler.notes)
            self._compiled = self._compile(tolerant=True)
            self.notes = tuple(self._compiler.notes[before:])
        return self._compiled

    def _compile(self, *, tolerant: bool) -> _Compiled:
        positional: list[tuple[str, Node]] = []
        keyword: dict[str, Node] = {}
        more_positional: tuple[str, Node] | None = None
        more_keyword: Node | None = None
        required: set[str] = set()
        for parameter in self._signature.parameters.values():
            if parameter.kind is Parameter.VAR_KEYWORD:
                more_keyword = self._surplus_keywords(parameter, keyword, tolerant=tolerant)
                continue
            node = self._node(parameter, tolerant=tolerant)
            if parameter.kind is Parameter.VAR_POSITIONAL:
                more_positional = parameter.name, node
                continue
            if parameter.default is Parameter.empty:
                required.add(parameter.name)
            if parameter.kind is not Parameter.KEYWORD_ONLY:
                positional.append((parameter.name, node))
            if parameter.kind is not Parameter.POSITIONAL_ONLY:
                keyword[parameter.name] = node
        return _Compiled(
            positional=tuple(positional),
            keyword=keyword,
            more_positional=more_positional,
            more_keyword=more_keyword,
            required=frozenset(required),
            prefixes=_prefixes([name for name, _ in positional]) if more_positional is None else (),
        )

    def _compile_result(self, *, tolerant: bool) -> Plan[Any]:
        where = f"result of {self.where}"
        node = self._annotated(self._signature.return_annotation, where, "result", tolerant=tolerant)
        return Plan(node, self._dynamic, self._stored, where=where, root="result")

    def _node(self, parameter: Parameter, *, tolerant: bool) -> Node:
        where = f"parameter {parameter.name!r} of {self.where}"
        return self._annotated(parameter.annotation, where, parameter.name, tolerant=tolerant)

    def _surplus_keywords(self, parameter: Parameter, keyword: dict[str, Node], *, tolerant: bool) -> Node | None:
        resolved = self._resolved(parameter.annotation, parameter.name, tolerant=tolerant)
        unpacked = get_args(resolved)[0] if get_origin(resolved) in _UNPACK else None
        typed_dict = get_origin(unpacked) or unpacked
        if not isinstance(typed_dict, type):
            return self._node(parameter, tolerant=tolerant)
        annotations = ClassAnnotations(typed_dict, get_args(unpacked))
        for name in typing_extensions.get_annotations(typed_dict, format=typing_extensions.Format.FORWARDREF):
            where = f"parameter {name!r} of {self.where}"
            keyword[name] = self._compiled_node(annotations.resolve(name), where, name, tolerant=tolerant)
        return None

    def _resolved(self, annotation: object, name: str, *, tolerant: bool) -> object:
        try:
            return self._annotations.resolve(annotation)
        except UnresolvedNameError as error:
            if not tolerant:
                raise
            self._compiler.notes.append(f"{name} of {self.where}: {error}")
            return Any

    def _annotated(self, annotation: object, where: str, root: str, *, tolerant: bool) -> Node:
        return self._compiled_node(self._resolved(annotation, root, tolerant=tolerant), where, root, tolerant=tolerant)

    def _compiled_node(self, annotation: object, where: str, root: str, *, tolerant: bool) -> Node:
        return compile_annotation(self._compiler, annotation, where=where, root=root, tolerant=tolerant)


def _origin(error: Exception) -> Exception | None:
    """The error to chain: none when the message says it all, or when it has a thousand frames."""
    return None if isinstance(error, Failure | RecursionError) else error


def _prefixes(names: list[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names[:count]) for count in range(len(names) + 1))


_UNPACK = frozenset[object]({typing.Unpack, typing_extensions.Unpack})


def compile_annotation(compiler: Compiler, annotation: object, *, where: str, root: str, tolerant: bool) -> Node:
    """Compile, and put a type that cannot be stored into words."""
    try:
        return compiler.compile(annotation, tolerant=tolerant)
    except Failure as failure:
        path = failure.path(root)
        raise DBOSSerializationError(f"{where}: {path}: {failure.reason}", path=path) from None
