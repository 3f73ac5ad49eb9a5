"""Roles of functions that are nothing else to the engine."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from dbos_typed.api.recorded import AnyFunction, RecordedFunction, innermost
from dbos_typed.core import context
from dbos_typed.core.auth import allow
from dbos_typed.core.context import Frame

_GUARDED = "__dbos_guarded__"


def guarded(function: AnyFunction, roles: Sequence[str]) -> AnyFunction:
    """The function behind a check of the caller's roles; one that the engine calls is checked there already."""
    if isinstance(function, classmethod | staticmethod):
        inner = guarded(function.__func__, roles)
        return function if inner is function.__func__ else type(function)(inner)
    if isinstance(innermost(function), RecordedFunction):
        return function
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
