"""What decorators do when a module is imported: plain functions become definitions."""

from __future__ import annotations

import inspect
import logging
from typing import TypedDict

from dbos_typed.api.recorded import AnyFunction
from dbos_typed.codec import CallPlan, Codec
from dbos_typed.core.names import check_name
from dbos_typed.core.registry import (
    Registry,
    StepDefinition,
    StepOptions,
    TransactionDefinition,
    TransactionOptions,
    WorkflowDefinition,
)
from dbos_typed.telemetry import OpenTelemetryTracer

_logger = logging.getLogger("dbos_typed")

registry = Registry()
"""Everything registered in this process."""
codec = Codec()
"""Encodes for everything registered in this process."""
tracer = OpenTelemetryTracer()
"""Traces this process when the application has a tracer provider."""


class _Common(TypedDict):
    name: str
    function: AnyFunction
    plain: AnyFunction
    module: str
    qualname: str
    is_async: bool
    free_calls: CallPlan
    bound_calls: CallPlan


def define_workflow(
    function: AnyFunction, *, name: str | None, max_recovery_attempts: int | None
) -> WorkflowDefinition:
    """Register a workflow.

    DBOSConflictingRegistrationError: another function has the name. DBOSSerializationError: a parameter or the result
    is of
    a type that cannot be stored.
    """
    common = _common(function, name, "workflow")
    definition = WorkflowDefinition(max_recovery_attempts=max_recovery_attempts, **common)
    common["free_calls"].check()
    common["bound_calls"].check()
    registry.add_workflow(definition)
    return definition


def define_step(function: AnyFunction, *, name: str | None, options: StepOptions) -> StepDefinition:
    """Describe a step. Its arguments are never read back, so they may be of any type; its result is checked."""
    return StepDefinition(options=options, **_common(function, name, "step"))


def define_transaction(
    function: AnyFunction, *, name: str | None, options: TransactionOptions
) -> TransactionDefinition:
    """Describe a transaction."""
    return TransactionDefinition(options=options, **_common(function, name, "transaction"))


def _common(function: AnyFunction, name: str | None, kind: str) -> _Common:
    module = getattr(function, "__module__", None) or "__main__"
    qualname = getattr(function, "__qualname__", None) or repr(function)
    if name is not None:
        check_name(name, f"the name of {kind} {qualname!r}")
    codec.know_module(module)
    _warn_of_shadowed(function, kind, module, qualname)
    where = f"{kind} {qualname!r}"
    free = codec.call_plan(function, where=where)
    return _Common(
        name=name or qualname,
        function=function,
        plain=inspect.unwrap(function),
        module=module,
        qualname=qualname,
        is_async=inspect.iscoroutinefunction(function),
        free_calls=free,
        bound_calls=codec.call_plan(function, where=where, skip_first=True),
    )


def _warn_of_shadowed(function: AnyFunction, kind: str, module: str, qualname: str) -> None:
    """A second function of one name in a module hides the first, and what the first recorded replays into it."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return
    line = registry.other_line(kind, f"{module}:{qualname}", code.co_firstlineno)
    if line is not None:
        _logger.warning(
            "Duplicate registration of function '%s': %s line %d defines a %s of this name after line %d did. Give one "
            "of them another name.",
            qualname,
            module,
            code.co_firstlineno,
            kind,
            line,
        )
