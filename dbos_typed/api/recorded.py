"""Decorated functions at run time: they look like the function, bind like one, and call through the engine."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar, cast

from dbos_typed.core.registry import FunctionDefinition

D_co = TypeVar("D_co", bound=FunctionDefinition, covariant=True)
D_contra = TypeVar("D_contra", bound=FunctionDefinition, contravariant=True)

AnyFunction: TypeAlias = Callable[..., Any]
"""A user's function: its own signature is what the decorators keep."""


class Invoke(Protocol[D_contra]):
    """Performs a direct call of a decorated function.

    `receiver` is the instance or class of a method, and None for a function or static method.
    """

    def __call__(
        self, definition: D_contra, receiver: object | None, args: tuple[Any, ...], kwargs: Mapping[str, Any], /
    ) -> Any:
        """Return what the function returns; a coroutine for a coroutine function."""
        ...


class RecordedFunction(Generic[D_co]):
    """A decorated function: looks like the function it wraps, binds like one, and calls through the engine."""

    definition: D_co
    receiver: object | None
    __name__: str
    __qualname__: str
    __wrapped__: AnyFunction

    def __init__(self, definition: D_co, invoke: Invoke[D_co]) -> None:
        function = definition.function
        # Not functools.update_wrapper: that would also assign annotations, which are computed here.
        self.__dict__.update(getattr(function, "__dict__", {}))
        self.__module__ = definition.module
        self.__qualname__ = definition.qualname
        self.__name__ = getattr(function, "__name__", definition.qualname.rpartition(".")[2])
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self.definition = definition
        self.receiver = None
        self._invoke = invoke
        self._takes_receiver = False
        if (code := getattr(function, "__code__", None)) is not None:
            # inspect takes an object with these for a function, so iscoroutinefunction answers on Python 3.11 too.
            self.__code__ = code
            self.__defaults__ = getattr(function, "__defaults__", None)
            self.__kwdefaults__ = getattr(function, "__kwdefaults__", None)
        if definition.is_async and (mark := getattr(inspect, "markcoroutinefunction", None)) is not None:
            mark(self)

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]  # computed: Python 3.14 evaluates annotations lazily
        return inspect.get_annotations(self.definition.function)

    @property
    def __signature__(self) -> inspect.Signature:
        signature = inspect.signature(self.definition.function)
        if self.receiver is None:
            return signature
        return signature.replace(parameters=list(signature.parameters.values())[1:])

    def invoke(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call the function with `args` and `kwargs` as given by the caller."""
        receiver, args = self.split_receiver(args)
        return self._invoke(self.definition, receiver, args, kwargs)

    def split_receiver(self, args: tuple[Any, ...]) -> tuple[object | None, tuple[Any, ...]]:
        """The receiver of a call with these arguments, and the arguments without it.

        A bound function knows its receiver. One called through its class, or through a wrapper that passes `self` on,
        has it as the first argument.
        """
        if self.receiver is not None:
            return self.receiver, args
        if args and (self._takes_receiver or self._is_method_of(args[0])):
            return args[0], args[1:]
        return None, args

    def bind(self, receiver: object) -> Self:
        """The same function with `receiver` as its first argument."""
        bound = object.__new__(type(self))
        bound.__dict__.update(self.__dict__)
        bound.receiver = receiver
        return bound

    def _is_method_of(self, candidate: object) -> bool:
        scope = self.__qualname__.rpartition(".")[0]
        if not scope or scope.endswith("<locals>"):
            return False
        owner = candidate if isinstance(candidate, type) else type(candidate)
        for cls in owner.__mro__:
            attribute = vars(cls).get(self.__name__)
            if attribute is not None and innermost(attribute) is self:
                self._takes_receiver = not isinstance(attribute, staticmethod)
                return self._takes_receiver
        return False

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RecordedFunction):
            return NotImplemented
        # The definition holds the plan of one registration, so its identity is that of the function.
        same = cast("RecordedFunction[FunctionDefinition]", other)
        return self.definition is same.definition and self.receiver is same.receiver

    def __hash__(self) -> int:
        return hash((id(self.definition), id(self.receiver)))

    def __reduce__(self) -> str | tuple[Any, ...]:
        if self.receiver is not None:
            return getattr, (self.receiver, self.__name__)
        return self.__qualname__

    def __repr__(self) -> str:
        bound = "" if self.receiver is None else f" of {self.receiver!r}"
        return f"<{type(self).__name__} {self.definition.label}{bound}>"


def innermost(attribute: object) -> object:
    """The decorated function inside class methods, static methods and wrappers."""
    while not isinstance(attribute, RecordedFunction):
        wrapped = getattr(attribute, "__wrapped__", None)
        if wrapped is None:
            return attribute
        attribute = wrapped
    return cast("object", attribute)
