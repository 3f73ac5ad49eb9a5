"""Handles: a started or retrieved workflow, to wait for and to ask about."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Generic, Self, TypeVar

from dbos_typed.api.functions import resolve_workflow
from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.status import WorkflowStatus, result_plan, status_of
from dbos_typed.codec import Plan
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops import management, results
from dbos_typed.core.run import Run
from dbos_typed.records import WorkflowRecord
from dbos_typed.runtime.current import Backend

R_co = TypeVar("R_co", covariant=True)


class _Handle(Generic[R_co]):
    """What both kinds of handle share."""

    def __init__(self, backend: Backend, workflow_id: str, plan: Plan[R_co], run: Run | None = None) -> None:
        self._backend = backend
        self._workflow_id = workflow_id
        self._plan = plan
        self._run = run

    @classmethod
    def adopt(cls, handle: _Handle[R_co]) -> Self:
        """This class of handle for the workflow of another handle."""
        return cls(handle._backend, handle._workflow_id, handle._plan, handle._run)

    @property
    def workflow_id(self) -> str:
        """The id of the workflow."""
        return self._workflow_id

    def get_workflow_id(self) -> str:
        """The id of the workflow."""
        return self._workflow_id

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._workflow_id!r}>"

    def _result(self, timeout_seconds: float | None) -> Operation[R_co]:
        return results.get_result(
            self._backend.engine, self._backend.frame(), self._workflow_id, self._run, self._plan, timeout_seconds
        )

    def _status(self) -> Operation[WorkflowStatus[R_co]]:
        engine = self._backend.engine
        return _status(engine, management.retrieve(engine, self._backend.frame(), self._workflow_id, must_exist=True))


async def _status(engine: Engine, operation: Operation[WorkflowRecord]) -> WorkflowStatus[Any]:
    return status_of(engine, await operation)


class WorkflowHandle(_Handle[R_co]):
    """A workflow, for synchronous code."""

    def get_result(self, timeout_seconds: float | None = None) -> R_co:
        """Wait for the workflow and return what it returned, or raise what it raised.

        Raises TimeoutError when it has not ended after `timeout_seconds` (None: wait for ever);
        DBOSAwaitedWorkflowCancelledError and DBOSAwaitedWorkflowRetriesExceededError when it ended without an outcome.
        """
        refuse_blocking(context.current(), "handle.get_result", "handle.get_result")
        return self._backend.run(self._result(timeout_seconds))

    def get_status(self) -> WorkflowStatus[R_co]:
        """The workflow as it is stored now. DBOSNonExistentWorkflowError: it was deleted."""
        refuse_blocking(context.current(), "handle.get_status", "DBOS.get_workflow_status_async")
        return self._backend.run(self._status())


class WorkflowHandleAsync(_Handle[R_co]):
    """A workflow, for coroutines."""

    # Not `async def`: the step number is taken when the coroutine is made, so gathered calls are numbered in order.

    def get_result(self, timeout_seconds: float | None = None) -> Coroutine[Any, Any, R_co]:
        """Wait for the workflow and return what it returned, or raise what it raised; see WorkflowHandle.get_result."""
        return self._backend.run_async(self._result(timeout_seconds))

    def get_status(self) -> Coroutine[Any, Any, WorkflowStatus[R_co]]:
        """The workflow as it is stored now. DBOSNonExistentWorkflowError: it was deleted."""
        return self._backend.run_async(self._status())


def retrieved(backend: Backend, row: WorkflowRecord) -> WorkflowHandle[Any]:
    """A handle of a stored workflow."""
    engine = backend.engine
    return WorkflowHandle(backend, row.workflow_id, result_plan(engine, row), engine.runs.get(row.workflow_id))


async def retrieved_async(backend: Backend, operation: Operation[WorkflowRecord]) -> WorkflowHandleAsync[Any]:
    """A handle of the stored workflow that the operation gives."""
    row = await backend.run_async(operation)
    engine = backend.engine
    return WorkflowHandleAsync(backend, row.workflow_id, result_plan(engine, row), engine.runs.get(row.workflow_id))


async def checked(operation: Operation[WorkflowRecord], workflow: object | None) -> WorkflowRecord:
    """DBOSWorkflowTypeMismatchError unless the stored workflow is of the function `workflow`, when one is given."""
    row = await operation
    management.check_name_of(row, expected_name(workflow))
    return row


def expected_name(workflow: object | None) -> str | None:
    """The name under which the function is stored; None: any."""
    if workflow is None:
        return None
    bound = resolve_workflow(workflow)
    return repr(workflow) if bound is None else bound.definition.name
