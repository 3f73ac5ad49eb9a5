"""Direct calls of decorated functions."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from dbos_typed.api.functions import resolve_workflow
from dbos_typed.api.registration import registry, tracer
from dbos_typed.core import context
from dbos_typed.core.auth import authorize
from dbos_typed.core.context import Frame, Scope
from dbos_typed.core.ops import steps, transactions, workflows
from dbos_typed.core.ops.workflows import Target
from dbos_typed.core.registry import (
    FunctionDefinition,
    Invocation,
    StepDefinition,
    TransactionDefinition,
    WorkflowDefinition,
)
from dbos_typed.error import DBOSContextError, DBOSWorkflowFunctionNotFoundError
from dbos_typed.runtime import current


def call_workflow(
    definition: WorkflowDefinition, receiver: object | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:  # the workflow's own result type, restored by the decorator
    """Run a workflow in the caller; a coroutine for a coroutine workflow."""
    backend = current.get()
    target = target_of(definition, receiver)
    operation = workflows.call_workflow(backend.engine, context.current(), target, args, dict(kwargs))
    return backend.run_async(operation) if definition.is_async else backend.run(operation)


def call_step(
    definition: StepDefinition, receiver: object | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:  # the step's own result type, restored by the decorator
    """Call a step; a coroutine for a coroutine step. Needs no runtime where nothing is recorded and nothing retried.

    Under an id that SetWorkflowID gives it is a workflow of one step.
    """
    if _is_lone(context.current()):
        return call_workflow(registry.lone(definition), receiver, args, kwargs)
    frame = _authorized(definition, receiver)
    is_plain = frame.scope in (Scope.STEP, Scope.TRANSACTION)
    if is_plain or (frame.run is None and not definition.options.retries_allowed and not _is_traced()):
        return _call_plainly(definition, frame, _all(receiver, args), kwargs)
    backend = current.get()
    invocation = Invocation(definition=definition, receiver=receiver, args=args, kwargs=dict(kwargs))
    operation = steps.call_step(backend.engine, frame, invocation)
    return backend.run_async(operation) if definition.is_async else backend.run(operation)


def _is_lone(frame: Frame) -> bool:
    """Whether a step or transaction that is called now is to happen once, under an id of its own."""
    assigned = frame.assigned_id
    is_outside = frame.run is None and frame.scope is Scope.OUTSIDE
    return is_outside and assigned is not None and assigned.is_for_steps and not assigned.is_used


def _call_plainly(
    definition: StepDefinition, frame: Frame, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:  # the step's own result type
    if frame is context.current():
        return definition.function(*args, **kwargs)
    if definition.is_async:
        return _await_in(frame, definition.function(*args, **kwargs))
    with context.entered(frame):
        return definition.function(*args, **kwargs)


async def _await_in(frame: Frame, coroutine: Coroutine[Any, Any, Any]) -> Any:  # the step's own result type
    with context.entered(frame):
        return await coroutine


def _is_traced() -> bool:
    """Whether a step outside workflows has a span. Without a runtime it has none, and needs none to run."""
    return tracer.is_active and current.find() is not None


def call_transaction(
    definition: TransactionDefinition, receiver: object | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:  # the transaction's own result type, restored by the decorator
    """Call a transaction; under an id that SetWorkflowID gives it is a workflow of one transaction."""
    if _is_lone(context.current()):
        return call_workflow(registry.lone(definition), receiver, args, kwargs)
    backend = current.get()
    invocation = Invocation(definition=definition, receiver=receiver, args=args, kwargs=dict(kwargs))
    return backend.run(transactions.call_transaction(backend.engine, _authorized(definition, receiver), invocation))


def _authorized(definition: FunctionDefinition, receiver: object | None) -> Frame:
    """The current frame, with the role that the function was allowed by. DBOSNotAuthorizedError: by none."""
    frame = context.current()
    class_name = None if receiver is None else registry.class_name_of(_class_of(receiver))
    auth = authorize(registry, definition, class_name, frame.auth)
    return frame if auth is frame.auth else replace(frame, auth=auth)


def _class_of(receiver: object) -> type:
    return receiver if isinstance(receiver, type) else type(receiver)


def _all(receiver: object | None, args: tuple[Any, ...]) -> tuple[Any, ...]:
    return args if receiver is None else (receiver, *args)


def target_of(definition: WorkflowDefinition, receiver: object | None) -> Target:
    """The target of a call: by class and configured name a stored workflow finds its receiver again."""
    if receiver is None:
        return Target(definition=definition, receiver=None, class_name=None, config_name=None)
    cls = _class_of(receiver)
    class_name = registry.class_name_of(cls)
    if not registry.knows_class(cls):
        what = "a class" if isinstance(receiver, type) else "a class instance"
        msg = (
            f"Function target appears to be {what}, but is not properly registered: workflow {definition.name!r} was "
            f"called on {class_name}, which a recovery could not find. Decorate the class with @DBOS.dbos_class()."
        )
        raise DBOSContextError(msg)
    config_name: str | None = None
    if not isinstance(receiver, type):
        config_name = getattr(receiver, "config_name", None)
        if config_name is None or registry.instance(class_name, config_name) is not receiver:
            msg = (
                f"Workflow {definition.name!r} was called on an instance of {class_name} that has no registered name, "
                "so that a recovery could not find it. Derive the class from DBOSConfiguredInstance and give each "
                "instance a name."
            )
            raise DBOSContextError(msg)
    elif registry.class_named(class_name) is None:
        registry.add_class(class_name, receiver)
    return Target(definition=definition, receiver=receiver, class_name=class_name, config_name=config_name)


def resolved(func: object, args: tuple[Any, ...], caller: str) -> tuple[Target, tuple[Any, ...]]:
    """The workflow that `caller` was given, and its arguments. DBOSWorkflowFunctionNotFoundError: it is none."""
    bound = resolve_workflow(func)
    if bound is None:
        name = getattr(func, "__qualname__", None) or repr(func)
        msg = (
            f"{caller} was given {name!r}, which is no workflow. Decorate it with @DBOS.workflow(), or call it "
            "directly. Nothing was started."
        )
        raise DBOSWorkflowFunctionNotFoundError("", msg)
    receiver, arguments = bound.split_receiver(args)
    return target_of(bound.definition, receiver), arguments


def refuse_blocking(frame: Frame, name: str, async_name: str) -> None:
    """DBOSContextError when a blocking form is called on the running event loop of a coroutine workflow."""
    if frame.run is None or frame.scope is not Scope.WORKFLOW or not frame.run.definition.is_async:
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    msg = (
        f"{name} was called in the coroutine workflow {frame.run.definition.name!r} and would block its event loop. "
        f"Write: await {async_name}(…)."
    )
    raise DBOSContextError(msg)
