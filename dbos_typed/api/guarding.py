"""Roles of functions that are nothing else to the engine."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from dbos_typed.api.recorded import AnyFunction, RecordedFunction, innermost
from dbos_typed.core import context
from dbos_typed.core.auth import allow
from dbos_typed.core.context import Frame
from dbos_typed.error import DBOSDecorationError

F = TypeVar("F", bound="Callable[..., Any] | classmethod[Any, ..., Any] | staticmethod[..., Any]")
_GUARDED = "__dbos_guarded__"


def guarded(function: F, roles: Sequence[str]) -> F:
    """The function behind a check of the caller's roles; one that the engine calls is checked there already.

    DBOSDecorationError: it is a class.
    """
    if isinstance(innermost(function), RecordedFunction):
        return function
    if isinstance(function, type):
        msg = f"@DBOS.required_roles() decorates functions, not the class {function!r}: use default_required_roles."
        raise DBOSDecorationError(msg)
    if isinstance(function, classmethod | staticmethod):
        guard = _guard(cast("Any", function).__func__, roles)
        return cast("F", classmethod(guard) if isinstance(function, classmethod) else staticmethod(guard))
    return cast("F", _guard(function, roles))


def _guard(function: AnyFunction, roles: Sequence[str]) -> AnyFunction:
    name = getattr(function, "__qualname__", repr(function))

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:  # the function's own
        with context.entered(_frame(roles, name)):
            return function(*args, **kwargs)

    @functools.wraps(function)
    async def call_async(*args: Any, **kwargs: Any) -> Any:  # the function's own
        with context.entered(_frame(roles, name)):
            return await function(*args, **kwargs)

    guard = call_async if inspect.iscoroutinefunction(function) else call
    setattr(guard, _GUARDED, function)
    return guard


def unguarded(function: AnyFunction) -> AnyFunction:
    """The function without the check that `guarded` put before it."""
    return cast("AnyFunction", getattr(function, _GUARDED, function))


def _frame(roles: Sequence[str], name: str) -> Frame:
    frame = context.current()
    return replace(frame, auth=allow(roles, name, frame.auth))
