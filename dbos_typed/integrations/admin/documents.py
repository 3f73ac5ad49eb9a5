"""Workflows and steps as JSON documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from dbos_typed.api.registration import codec
from dbos_typed.api.status import StepInfo, WorkflowInputs, WorkflowStatus
from dbos_typed.codec import Plan, UndecodableValue
from dbos_typed.error import DBOSSerializationError

_PLAN: Plan[object] = codec.plan(object, where="the admin interface")


def workflow_document(status: WorkflowStatus[Any]) -> dict[str, object]:
    """The fields of a status, with its values as in `shown`."""
    document: dict[str, object] = {field.name: getattr(status, field.name) for field in fields(status)}
    document["input"] = _inputs(status.input)
    document["output"] = shown(status.output)
    document["error"] = shown(status.error)
    return document


def step_document(step: StepInfo) -> dict[str, object]:
    """The fields of a recorded call, with its values as in `shown`."""
    return {**step, "output": shown(step["output"]), "error": shown(step["error"])}


def shown(value: object) -> object:
    """The value as JSON: an error as its type and message, and as its repr what cannot be written."""
    if isinstance(value, UndecodableValue):
        return {"undecodable": value.reason, "text": value.text}
    if isinstance(value, BaseException):
        return {"type": type(value).__name__, "message": _text_of(value, str)}
    try:
        return json.loads(_PLAN.plain(value))
    except DBOSSerializationError:
        return _text_of(value, repr)


def _text_of(value: object, form: Callable[[object], str]) -> str:
    try:
        return form(value)
    except Exception as error:  # noqa: BLE001  # a class of the application's: it may raise anything
        return f"<{type(value).__name__} whose text cannot be made: {type(error).__name__}>"


def _inputs(given: WorkflowInputs | UndecodableValue | None) -> object:
    if given is None or isinstance(given, UndecodableValue):
        return shown(given)
    return {
        "args": [shown(value) for value in given["args"]],
        "kwargs": {name: shown(value) for name, value in given["kwargs"].items()},
    }
