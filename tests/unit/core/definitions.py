"""Definitions and runs to test with."""

from collections.abc import Callable
from typing import Any

from dbos_typed.codec import Codec
from dbos_typed.core.registry import WorkflowDefinition
from dbos_typed.core.run import Run

_codec = Codec()


def definition_of(function: Callable[..., Any], name: str = "flow") -> WorkflowDefinition:
    return WorkflowDefinition(
        name=name,
        function=function,
        plain=function,
        module=function.__module__,
        qualname=function.__qualname__,
        is_async=False,
        free_calls=_codec.call_plan(function, where=name),
        bound_calls=_codec.call_plan(function, where=name, skip_first=True),
    )


def run_of(workflow_id: str, token: int = 1) -> Run:
    return Run(
        workflow_id=workflow_id, token=token, definition=definition_of(_nothing), receiver=None, args=(), kwargs={}
    )


def _nothing() -> None:
    """A workflow that does nothing."""
