"""Spans around what runs. A call that is answered from its record runs nothing and has none."""

from __future__ import annotations

import json
from typing import TypeVar

from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Carrier, Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.registry import FunctionDefinition
from dbos_typed.core.run import Run
from dbos_typed.records import Auth
from dbos_typed.telemetry import Attributes, OperationKind

T = TypeVar("T")


def is_traced(engine: Engine, frame: Frame) -> bool:
    """Whether calls made in this frame have spans. A workflow decides it once for all that it does."""
    return engine.tracer.is_active if frame.run is None else frame.run.is_traced


def traced_operation(
    engine: Engine, frame: Frame, name: str, operation: Operation[T], *, number: int | None = None
) -> Operation[T]:
    """The same operation with a span; `number` is its step number where it has one."""
    run = frame.run
    if not is_traced(engine, frame) or (run is not None and number in run.records):
        return operation
    return _in_span(engine, name, facts(name, OperationKind.OPERATION, run, frame.auth), operation)


def traced_call(
    engine: Engine,
    frame: Frame,
    definition: FunctionDefinition,
    kind: OperationKind,
    operation: Operation[T],
    *,
    number: int | None = None,
) -> Operation[T]:
    """The call of a step or transaction with a span."""
    run = frame.run
    if not is_traced(engine, frame) or (run is not None and number in run.records):
        return operation
    return _in_span(engine, label(definition), facts(definition.name, kind, run, frame.auth), operation)


async def _in_span(engine: Engine, name: str, attributes: Attributes, operation: Operation[T]) -> T:
    with engine.tracer.span(name, attributes):
        try:
            return await operation
        except Carrier as caught:
            engine.tracer.fail(engine.codec.told(caught.error))
            carrier = caught
    raise carrier


def facts(name: str, kind: OperationKind, run: Run | None, auth: Auth) -> Attributes:
    """The attributes of a span."""
    return {
        "operationUUID": None if run is None else run.workflow_id,
        "operationType": kind.value,
        "operationName": name,
        "queueName": None if run is None else run.queue_name,
        "authenticatedUser": auth.user,
        "authenticatedUserRoles": None if auth.roles is None else json.dumps(auth.roles),
        "authenticatedUserAssumedRole": auth.assumed_role,
    }


def label(definition: FunctionDefinition) -> str:
    """The name of a function's spans: its own name, not the path to it, unless it was registered under another."""
    return definition.name if definition.name != definition.qualname else definition.qualname.rpartition(".")[2]
