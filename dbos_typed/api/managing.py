"""Listing workflows and steering them."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from typing_extensions import Unpack

from dbos_typed.api.filters import WorkflowFilters, condition_of
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync, retrieved, retrieved_async
from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.status import WorkflowStatus, status_of
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops import management
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.records import WorkflowRecord
from dbos_typed.runtime import current


class Managing:
    """Management calls.

    In a workflow they are recorded, in a step they are plain calls, in a transaction they raise.
    """

    @classmethod
    def get_workflow_status(cls, workflow_id: str) -> WorkflowStatus[Any] | None:
        """The workflow as it is stored now; None: there is none."""
        refuse_blocking(context.current(), "DBOS.get_workflow_status", "DBOS.get_workflow_status_async")
        return current.get().run(_status(_record(workflow_id)))

    @classmethod
    def get_workflow_status_async(cls, workflow_id: str) -> Coroutine[Any, Any, WorkflowStatus[Any] | None]:
        """Coroutine version of get_workflow_status."""
        return current.get().run_async(_status(_record(workflow_id)))

    @classmethod
    def list_workflows(cls, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """The workflows that match every filter, oldest first; see WorkflowFilters."""
        refuse_blocking(context.current(), "DBOS.list_workflows", "DBOS.list_workflows_async")
        return current.get().run(_listing(_records(condition_of(filters))))

    @classmethod
    def list_workflows_async(cls, **filters: Unpack[WorkflowFilters]) -> Coroutine[Any, Any, list[WorkflowStatus[Any]]]:
        """Coroutine version of list_workflows."""
        return current.get().run_async(_listing(_records(condition_of(filters))))

    @classmethod
    def cancel_workflow(cls, workflow_id: str) -> None:
        """Cancel a workflow: it stops at its next recorded call. An unknown or ended one is left as it is."""
        refuse_blocking(context.current(), "DBOS.cancel_workflow", "DBOS.cancel_workflow_async")
        backend = current.get()
        backend.run(management.cancel(backend.engine, context.current(), workflow_id))

    @classmethod
    def cancel_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, None]:
        """Coroutine version of cancel_workflow."""
        backend = current.get()
        return backend.run_async(management.cancel(backend.engine, context.current(), workflow_id))

    @classmethod
    def resume_workflow(cls, workflow_id: str) -> WorkflowHandle[Any]:
        """Run a cancelled or set-aside workflow again from its last recorded step.

        One that has an outcome or is running is left as it is. DBOSNonExistentWorkflowError: there is none.
        """
        refuse_blocking(context.current(), "DBOS.resume_workflow", "DBOS.resume_workflow_async")
        backend = current.get()
        return retrieved(backend, backend.run(management.resume(backend.engine, context.current(), workflow_id)))

    @classmethod
    def resume_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]:
        """Coroutine version of resume_workflow."""
        backend = current.get()
        return retrieved_async(backend, management.resume(backend.engine, context.current(), workflow_id))


def _record(workflow_id: str) -> Operation[WorkflowRecord | None]:
    return management.status(current.get().engine, context.current(), workflow_id)


def _records(condition: WorkflowFilter) -> Operation[list[WorkflowRecord]]:
    return management.list_workflows(current.get().engine, context.current(), condition)


async def _status(operation: Operation[WorkflowRecord | None]) -> WorkflowStatus[Any] | None:
    record = await operation
    return None if record is None else status_of(current.get().engine, record)


async def _listing(operation: Operation[list[WorkflowRecord]]) -> list[WorkflowStatus[Any]]:
    return [status_of(current.get().engine, record) for record in await operation]
