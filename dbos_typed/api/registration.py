"""What decorators do when a module is imported: plain functions become definitions."""

from __future__ import annotations

import inspect
from typing import Any, TypedDict

from dbos_typed.api.places import place_of_function
from dbos_typed.api.recorded import AnyFunction, Invoke
from dbos_typed.codec import CallPlan, Codec
from dbos_typed.core import context
from dbos_typed.core.names import check_name
from dbos_typed.core.registry import (
    LONE,
    FunctionDefinition,
    Registry,
    StepDefinition,
    StepOptions,
    TransactionDefinition,
    TransactionOptions,
    WorkflowDefinition,
)
from dbos_typed.telemetry import OpenTelemetryTracer

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
    _note_place(definition, "workflow")
    registry.add_workflow(definition)
    return definition


def define_step(
    function: AnyFunction, *, name: str | None, options: StepOptions, invoke: Invoke[StepDefinition]
) -> StepDefinition:
    """Describe a step, and the workflow that consists of it alone.

    In a workflow its arguments are never read back, so they may be of any type; its result is checked.
    DBOSConflictingRegistrationError: another function of the module has the name.
    """
    definition = StepDefinition(options=options, **_common(function, name, "step"))
    _note_place(definition, "step")
    registry.add_lone(definition, _lone(definition, invoke))
    return definition


def define_transaction(
    function: AnyFunction, *, name: str | None, options: TransactionOptions, invoke: Invoke[TransactionDefinition]
) -> TransactionDefinition:
    """Describe a transaction likewise."""
    definition = TransactionDefinition(options=options, **_common(function, name, "transaction"))
    _note_place(definition, "transaction")
    registry.add_lone(definition, _lone(definition, invoke))
    return definition


def _lone(definition: FunctionDefinition, invoke: Invoke[Any]) -> WorkflowDefinition:
    """The workflow that is one call of a step or transaction."""

    def call(*args: Any, **kwargs: Any) -> Any:  # the function's own types
        run = context.current().run
        receiver = None if run is None else run.receiver
        return invoke(definition, receiver, args if receiver is None else args[1:], kwargs)

    return WorkflowDefinition(
        name=f"{LONE}{definition.name}",
        function=call,
        plain=definition.plain,
        module=definition.module,
        qualname=definition.qualname,
        is_async=definition.is_async,
        free_calls=definition.free_calls,
        bound_calls=definition.bound_calls,
    )


def _common(function: AnyFunction, name: str | None, kind: str) -> _Common:
    module = getattr(function, "__module__", None) or "__main__"
    qualname = getattr(function, "__qualname__", None) or repr(function)
    if name is not None:
        check_name(name, f"the name of {kind} {qualname!r}")
    codec.know_module(module)
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


def _note_place(definition: FunctionDefinition, kind: str) -> None:
    """Refuse a second function of a kind and a name in a module: see Registry.place."""
    place = place_of_function(definition.function)
    registry.places.define(kind, definition.module, definition.qualname, place)
    registry.places.define(f"named {kind}", definition.module, definition.name, place, is_given=True)
