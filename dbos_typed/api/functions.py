"""What `@DBOS.workflow()`, `@DBOS.step()` and `@DBOS.transaction()` make of a function."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, cast, overload

from dbos_typed.api.guarding import unguarded
from dbos_typed.api.recorded import AnyFunction, Invoke, RecordedFunction
from dbos_typed.core.registry import StepDefinition, TransactionDefinition, WorkflowDefinition
from dbos_typed.error import DBOSDecorationError, DBOSDoubleDecorationError

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
T = TypeVar("T")
S = TypeVar("S")
R_co = TypeVar("R_co", covariant=True)
StepD = TypeVar("StepD", StepDefinition, TransactionDefinition)
F = TypeVar("F", bound="Callable[..., Any] | classmethod[Any, ..., Any] | staticmethod[..., Any]")


class Workflow(Protocol[P, R_co]):
    """Anything that may be started as a workflow: parameters `P`, result `R_co`.

    A coroutine workflow is a `Workflow[P, Coroutine[Any, Any, X]]`. Steps, transactions and plain functions do not
    match.
    """

    @property
    def definition(self) -> WorkflowDefinition:
        """How the workflow is registered."""
        ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Run the workflow in the caller and return its result."""
        ...


class WorkflowFunction(RecordedFunction[WorkflowDefinition], Generic[P, R_co]):
    """What `@DBOS.workflow()` returns. Calling it runs the workflow in the caller; `DBOS.start_workflow` starts it."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Run the workflow in the caller and return its result."""
        return cast("R_co", self.invoke(args, kwargs))

    # Binding is spelled out on `self` as a callable because that is the form from which every type checker takes the
    # first parameter off; a class method above the decorator reaches the first overload.
    @overload
    def __get__(  # type: ignore[misc]  # mypy wants a class as self; a callable protocol is what is bound here
        self: Callable[Concatenate[type[S], Q], T], instance: S | None, owner: type[S], /
    ) -> WorkflowFunction[Q, T]: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(
        self: Callable[Concatenate[S, Q], T], instance: S, owner: type | None = None, /
    ) -> WorkflowFunction[Q, T]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None, /) -> Self: ...
    def __get__(self: Any, instance: object | None, owner: type | None = None, /) -> Any:
        # A static method lies under a staticmethod object and never gets here.
        return self if instance is None else self.bind(instance)


class WorkflowClassMethod(Generic[P, R_co]):
    """A workflow decorated above `@classmethod`: binds to the class it is looked up on."""

    def __init__(self, function: WorkflowFunction[..., R_co]) -> None:
        self.__func__ = function
        self.__wrapped__ = function

    def __get__(self, instance: object, owner: type | None = None, /) -> WorkflowFunction[P, R_co]:
        # The first parameter, which binding takes off, is no part of P: the decorator got a class method.
        return cast("WorkflowFunction[P, R_co]", self.__func__.bind(type(instance) if owner is None else owner))


class StepFunction(RecordedFunction[StepD]):
    """What `@DBOS.step()` and `@DBOS.transaction()` make at run time; type checkers see the function's own type."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the step in the caller and return its result."""
        return self.invoke(args, kwargs)

    def __get__(self, instance: object | None, owner: type | None = None, /) -> Self:
        return self if instance is None else self.bind(instance)


class WorkflowDecorator:
    """The decorator that `DBOS.workflow(...)` returns.

    `define` registers the plain function and returns its definition; `invoke` performs direct calls.
    """

    def __init__(self, define: Callable[[AnyFunction], WorkflowDefinition], invoke: Invoke[WorkflowDefinition]) -> None:
        self._define = define
        self._invoke = invoke

    @overload
    def __call__(self, func: classmethod[Any, P, R], /) -> WorkflowClassMethod[P, R]: ...
    @overload
    def __call__(self, func: Callable[P, R], /) -> WorkflowFunction[P, R]: ...
    def __call__(self, func: Any, /) -> Any:
        """Make `func` a workflow; DBOSDecorationError: it is no function, a generator, or decorated already."""
        function = _plain_function(func, "workflow")
        workflow: WorkflowFunction[..., Any] = WorkflowFunction(self._define(function), self._invoke)
        if isinstance(func, classmethod):
            return WorkflowClassMethod(workflow)
        return staticmethod(workflow) if isinstance(func, staticmethod) else workflow


class StepDecorator:
    """The decorator that `DBOS.step(...)` returns. It keeps the exact type of what it decorates.

    `define` registers the plain function and returns its definition; `invoke` performs direct calls.
    """

    def __init__(self, define: Callable[[AnyFunction], StepDefinition], invoke: Invoke[StepDefinition]) -> None:
        self._define = define
        self._invoke = invoke

    def __call__(self, func: F, /) -> F:
        """Make `func` a step; DBOSDecorationError: it is no function, a generator, or decorated already."""
        step = StepFunction(self._define(_plain_function(func, "step")), self._invoke)
        return cast("F", _rewrapped(step, func))


class TransactionDecorator:
    """The decorator that `DBOS.transaction(...)` returns. It keeps the exact type of what it decorates.

    `define` registers the plain function and returns its definition; `invoke` performs direct calls.
    """

    def __init__(
        self, define: Callable[[AnyFunction], TransactionDefinition], invoke: Invoke[TransactionDefinition]
    ) -> None:
        self._define = define
        self._invoke = invoke

    def __call__(self, func: F, /) -> F:
        """Make `func` a transaction; DBOSDecorationError: it is no function, a coroutine function or a generator."""
        function = _plain_function(func, "transaction")
        if inspect.iscoroutinefunction(function):
            raise DBOSDecorationError(
                f"{_label(function)} is a coroutine function and cannot be a transaction, because the transaction's "
                "session is synchronous. Write it with def and call it from the coroutine workflow, or make it a step."
            )
        transaction = StepFunction(self._define(function), self._invoke)
        return cast("F", _rewrapped(transaction, func))


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundWorkflow:
    """A workflow found behind some callable, and the instance or class it is bound to (None for a plain function)."""

    definition: WorkflowDefinition
    receiver: object | None
    function: WorkflowFunction[..., Any]

    def split_receiver(self, args: tuple[Any, ...]) -> tuple[object | None, tuple[Any, ...]]:
        """The receiver of a call and its other arguments, as in `start_workflow(Shop.restock, shop, 3)`."""
        return (self.receiver, args) if self.receiver is not None else self.function.split_receiver(args)


def resolve_workflow(func: object) -> BoundWorkflow | None:
    """The workflow that `func` is, is a bound method of, or wraps with `functools.wraps`; None for anything else.

    `functools.partial` objects give None: the arguments they hold would not be in the workflow's stored inputs.
    """
    receiver: object | None = None
    while not isinstance(func, RecordedFunction):
        if isinstance(func, functools.partial):
            return None
        if isinstance(func, MethodType):
            receiver = func.__self__
            func = func.__func__
        elif (wrapped := getattr(func, "__wrapped__", None)) is not None:
            func = wrapped
        else:
            return None
    if not isinstance(func, WorkflowFunction):
        return None
    workflow = cast("WorkflowFunction[..., Any]", func)
    return BoundWorkflow(
        definition=workflow.definition,
        receiver=receiver if workflow.receiver is None else workflow.receiver,
        function=workflow,
    )


def _rewrapped(step: RecordedFunction[Any], func: object) -> object:
    if isinstance(func, classmethod):
        return classmethod(cast("AnyFunction", step))
    return staticmethod(cast("AnyFunction", step)) if isinstance(func, staticmethod) else step


def _plain_function(func: object, kind: str) -> AnyFunction:
    function = cast("Any", func).__func__ if isinstance(func, (classmethod, staticmethod)) else func
    if isinstance(function, (RecordedFunction, WorkflowClassMethod)):
        raise DBOSDoubleDecorationError(repr(cast("object", function)), kind=kind)
    if isinstance(function, type) or not callable(function):
        raise DBOSDecorationError(f"@DBOS.{kind}() decorates functions and methods, not {function!r}.")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise DBOSDecorationError(
            f"{_label(function)} is a generator function and cannot be a {kind}, because a generator cannot be "
            "recorded. Return a list of the values."
        )
    return unguarded(cast("AnyFunction", function))


def _label(function: AnyFunction) -> str:
    return f"{getattr(function, '__module__', '?')}:{getattr(function, '__qualname__', repr(function))}"
