"""Annotations as written, made into types: strings evaluated, type variables replaced."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, ForwardRef, Generic, Protocol, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import typing_extensions

from dbos_typed.codec.failure import UnresolvedNameError

Binding: TypeAlias = dict[object, object]
"""Type variables and what they stand for."""

_NO_ANNOTATION = object()


def resolve(annotation: object, outer: Mapping[str, object], inner: Mapping[str, object]) -> object:
    """Evaluate the strings in an annotation; names are looked up in `inner`, then in `outer`.

    Raises UnresolvedNameError when a name does not exist (yet), or when the text is no type at all.
    """
    if isinstance(annotation, type):
        return annotation
    try:
        if isinstance(annotation, str):
            annotation = ForwardRef(annotation, is_argument=False, is_class=True)
        holder = SimpleNamespace(__annotations__={"it": annotation})
        return get_type_hints(holder, dict(outer), dict(inner), include_extras=True)["it"]
    except Exception as error:
        # Whatever evaluating a user's annotation raises, it could not be resolved.
        raise UnresolvedNameError(f"{type(error).__name__}: {error}") from error


class FunctionAnnotations:
    """The signature of a function, its annotations resolved one by one."""

    def __init__(self, function: Callable[..., object], names: Mapping[str, object] | None = None) -> None:
        self.signature = _signature(function)
        inner = inspect.unwrap(function)
        self._globals: Mapping[str, object] = getattr(inner, "__globals__", {})
        self._locals: dict[str, object] = {**_type_parameters(inner), **_closure(inner), **(names or {})}

    def resolve(self, annotation: object) -> object:
        """One of the signature's annotations, or Any when there is none."""
        if annotation is inspect.Signature.empty:
            return Any
        return resolve(annotation, self._globals, self._locals)


class ClassAnnotations:
    """The annotated fields of a class and its bases, with the type arguments of a generic one put in."""

    def __init__(self, cls: type[Any], arguments: tuple[object, ...] = ()) -> None:
        self._bases = [(base, typing_extensions.get_annotations(base, format=_FORWARD)) for base in cls.__mro__[:-1]]
        self._bindings: dict[type[Any], Binding] = {}
        self._bind(cls, arguments)

    def resolve(self, name: str) -> object:
        """The type of field `name`; Any when it has no annotation."""
        for base, own in self._bases:
            annotation = own.get(name, _NO_ANNOTATION)
            if annotation is not _NO_ANNOTATION:
                module = sys.modules.get(base.__module__)
                # As the language does it, the module's names win over the class's: in `date: date | None = None`
                # the type is meant.
                inner = {**_type_parameters(base), **(vars(module) if module is not None else {})}
                resolved = resolve(annotation, {base.__name__: base, **vars(base)}, inner)
                return substitute(resolved, self._bindings.get(base, {}))
        return Any

    def _bind(self, cls: type[Any], arguments: tuple[object, ...]) -> None:
        parameters: Iterable[object] = getattr(cls, "__parameters__", ())
        binding: Binding = dict(zip(parameters, arguments, strict=False))
        self._bindings.setdefault(cls, binding)
        for written in typing_extensions.get_original_bases(cls):
            base = get_origin(written) or written
            if isinstance(base, type) and base not in (Generic, Protocol, object):
                self._bind(base, tuple(substitute(argument, binding) for argument in get_args(written)))


def substitute(annotation: object, binding: Binding) -> object:
    """Replace type variables."""
    if not binding:
        return annotation
    if isinstance(annotation, TypeVar):
        return binding.get(annotation, annotation)
    parameters: tuple[object, ...] = getattr(annotation, "__parameters__", ())
    if isinstance(annotation, type) or not parameters:
        return annotation
    try:
        return annotation[tuple(binding.get(parameter, parameter) for parameter in parameters)]  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # whatever has parameters can be subscripted
    except TypeError:
        return Any  # parameter specifications and variadic ones do not fit everywhere


_FORWARD = typing_extensions.Format.FORWARDREF


def _signature(function: Callable[..., object]) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        return inspect.signature(function, annotation_format=_FORWARD)
    return inspect.signature(function)


def _type_parameters(thing: object) -> dict[str, object]:
    parameters: tuple[object, ...] = getattr(thing, "__type_params__", ())
    return {getattr(parameter, "__name__", ""): parameter for parameter in parameters}


def _closure(function: object) -> dict[str, object]:
    """Local names around a nested function, as far as its body keeps them alive."""
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    names: dict[str, object] = {}
    for name, cell in zip(code.co_freevars if code is not None else (), cells or (), strict=False):
        try:
            names[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    return names
