"""Listing workflows and steering them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar, overload

from typing_extensions import Unpack

from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.functions import Workflow
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync, expected_name, retrieved, retrieved_async
from dbos_typed.api.inspection import Inspection
from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.status import StepInfo, WorkflowStatus
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.names import check_names
from dbos_typed.core.ops import management
from dbos_typed.records import WorkflowRecord
from dbos_typed.runtime import current

R = TypeVar("R")
T = TypeVar("T")


def _inspection(name: str) -> Inspection:
    """For a blocking call of this name."""
    refuse_blocking(context.current(), f"DBOS.{name}", f"DBOS.{name}_async")
    return Inspection(current.get())


class Managing:
    """Management calls.

    In a workflow they are recorded, in a step they are plain calls, in a transaction they raise.
    """

    # --- looking ------------------------------------------------------------------------------------------------------

    @classmethod
    def get_workflow_status(cls, workflow_id: str) -> WorkflowStatus[Any] | None:
        """The workflow as it is stored now; None: there is none."""
        inspection = _inspection("get_workflow_status")
        return current.get().run(inspection.status(workflow_id))

    @classmethod
    def get_workflow_status_async(cls, workflow_id: str) -> Coroutine[Any, Any, WorkflowStatus[Any] | None]:
        """Coroutine version of get_workflow_status."""
        backend = current.get()
        return backend.run_async(Inspection(backend).status(workflow_id))

    @classmethod
    def list_workflows(cls, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """The workflows that match every filter, oldest first; see WorkflowFilters."""
        inspection = _inspection("list_workflows")
        return current.get().run(inspection.workflows(filters))

    @classmethod
    def list_workflows_async(cls, **filters: Unpack[WorkflowFilters]) -> Coroutine[Any, Any, list[WorkflowStatus[Any]]]:
        """Coroutine version of list_workflows."""
        backend = current.get()
        return backend.run_async(Inspection(backend).workflows(filters))

    @classmethod
    def list_queued_workflows(cls, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """The workflows that wait on a queue or were taken from one and run; see WorkflowFilters."""
        inspection = _inspection("list_queued_workflows")
        return current.get().run(inspection.workflows(filters, queued_only=True))

    @classmethod
    def list_queued_workflows_async(
        cls, **filters: Unpack[WorkflowFilters]
    ) -> Coroutine[Any, Any, list[WorkflowStatus[Any]]]:
        """Coroutine version of list_queued_workflows."""
        backend = current.get()
        return backend.run_async(Inspection(backend).workflows(filters, queued_only=True))

    @classmethod
    def list_workflow_steps(cls, workflow_id: str) -> list[StepInfo]:
        """The recorded calls of a workflow in order; none for an unknown id."""
        inspection = _inspection("list_workflow_steps")
        return current.get().run(inspection.steps(workflow_id))

    @classmethod
    def list_workflow_steps_async(cls, workflow_id: str) -> Coroutine[Any, Any, list[StepInfo]]:
        """Coroutine version of list_workflow_steps."""
        backend = current.get()
        return backend.run_async(Inspection(backend).steps(workflow_id))

    @classmethod
    def get_all_events(cls, workflow_id: str) -> dict[str, Any]:
        """The latest value of every event of a workflow by key; none for an unknown id."""
        inspection = _inspection("get_all_events")
        return current.get().run(inspection.events(workflow_id))

    @classmethod
    def get_all_events_async(cls, workflow_id: str) -> Coroutine[Any, Any, dict[str, Any]]:
        """Coroutine version of get_all_events."""
        backend = current.get()
        return backend.run_async(Inspection(backend).events(workflow_id))

    # --- steering -----------------------------------------------------------------------------------------------------

    @classmethod
    def cancel_workflow(cls, workflow_id: str) -> None:
        """Cancel a workflow: it stops at its next recorded call. An unknown or ended one is left as it is."""
        _run("cancel_workflow", lambda: _cancel([workflow_id]))

    @classmethod
    def cancel_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, None]:
        """Coroutine version of cancel_workflow."""
        return current.get().run_async(_cancel([workflow_id]))

    @classmethod
    def cancel_workflows(cls, workflow_ids: Sequence[str]) -> None:
        """Cancel workflows, all in one go; see cancel_workflow."""
        _run("cancel_workflows", lambda: _cancel(workflow_ids))

    @classmethod
    def cancel_workflows_async(cls, workflow_ids: Sequence[str]) -> Coroutine[Any, Any, None]:
        """Coroutine version of cancel_workflows."""
        return current.get().run_async(_cancel(workflow_ids))

    @classmethod
    def delete_workflow(cls, workflow_id: str) -> None:
        """Remove a workflow and everything recorded of it; a running one is cancelled. Unknown: nothing happens."""
        _run("delete_workflow", lambda: _delete(workflow_id))

    @classmethod
    def delete_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, None]:
        """Coroutine version of delete_workflow."""
        return current.get().run_async(_delete(workflow_id))

    @overload
    @classmethod
    def resume_workflow(
        cls, workflow_id: str, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def resume_workflow(cls, workflow_id: str, *, workflow: Workflow[..., R]) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def resume_workflow(cls, workflow_id: str) -> WorkflowHandle[Any]: ...
    @classmethod
    def resume_workflow(cls, workflow_id: str, *, workflow: Workflow[..., Any] | None = None) -> WorkflowHandle[Any]:
        """Run a workflow that has no outcome at once, from its last recorded step.

        Without its function here, the next executor that has it runs it: one of its version, or of any version when no
        executor of its own lives. A PENDING one is continued when its executor has ended; one that a living executor
        runs is left as it is, which is logged. DBOSNonExistentWorkflowError: there is none.
        """
        return _handle("resume_workflow", lambda: _resume(workflow_id, workflow))

    @overload
    @classmethod
    def resume_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def resume_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., R]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def resume_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]: ...
    @classmethod
    def resume_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., Any] | None = None
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]:
        """Coroutine version of resume_workflow."""
        return retrieved_async(current.get(), _resume(workflow_id, workflow))

    @classmethod
    def resume_workflows(cls, workflow_ids: Sequence[str]) -> list[WorkflowHandle[Any]]:
        """Resume workflows; see resume_workflow."""
        refuse_blocking(context.current(), "DBOS.resume_workflows", "DBOS.resume_workflows_async")
        return [cls.resume_workflow(each) for each in check_names(workflow_ids, "the workflow ids")]

    @classmethod
    async def resume_workflows_async(cls, workflow_ids: Sequence[str]) -> list[WorkflowHandleAsync[Any]]:
        """Coroutine version of resume_workflows."""
        return [await cls.resume_workflow_async(each) for each in check_names(workflow_ids, "the workflow ids")]

    @overload
    @classmethod
    def restart_workflow(
        cls, workflow_id: str, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def restart_workflow(cls, workflow_id: str, *, workflow: Workflow[..., R]) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def restart_workflow(cls, workflow_id: str) -> WorkflowHandle[Any]: ...
    @classmethod
    def restart_workflow(cls, workflow_id: str, *, workflow: Workflow[..., Any] | None = None) -> WorkflowHandle[Any]:
        """Start a new workflow with the inputs, function, instance and identity of this one, under a new id.

        SetWorkflowID may give the id: repeated with it, the call gives the copy that exists.
        DBOSNonExistentWorkflowError: there is none.
        """
        return _handle("restart_workflow", lambda: _fork(workflow_id, workflow=workflow))

    @overload
    @classmethod
    def restart_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def restart_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., R]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def restart_workflow_async(cls, workflow_id: str) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]: ...
    @classmethod
    def restart_workflow_async(
        cls, workflow_id: str, *, workflow: Workflow[..., Any] | None = None
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]:
        """Coroutine version of restart_workflow."""
        return retrieved_async(current.get(), _fork(workflow_id, workflow=workflow))

    @overload
    @classmethod
    def fork_workflow(
        cls,
        workflow_id: str,
        start_step: int,
        *,
        application_version: str | None = None,
        workflow: Workflow[..., Coroutine[Any, Any, R]],
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def fork_workflow(
        cls, workflow_id: str, start_step: int, *, application_version: str | None = None, workflow: Workflow[..., R]
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def fork_workflow(
        cls, workflow_id: str, start_step: int, *, application_version: str | None = None
    ) -> WorkflowHandle[Any]: ...
    @classmethod
    def fork_workflow(
        cls,
        workflow_id: str,
        start_step: int,
        *,
        application_version: str | None = None,
        workflow: Workflow[..., Any] | None = None,
    ) -> WorkflowHandle[Any]:
        """Start a new workflow like this one that goes on at `start_step`.

        Steps are counted from 1. The records below that step are copied, the later calls are made anew; from a step
        below 1 on, all of them. `application_version` names the version that is to run it, by default its own.

        SetWorkflowID may give the id: repeated with it, the call gives the copy that exists.
        DBOSNonExistentWorkflowError: there is no such workflow. DBOSConflictingWorkflowError: what has the given id is
        no such copy.
        """
        return _handle("fork_workflow", lambda: _fork(workflow_id, start_step, application_version, workflow))

    @overload
    @classmethod
    def fork_workflow_async(
        cls,
        workflow_id: str,
        start_step: int,
        *,
        application_version: str | None = None,
        workflow: Workflow[..., Coroutine[Any, Any, R]],
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def fork_workflow_async(
        cls, workflow_id: str, start_step: int, *, application_version: str | None = None, workflow: Workflow[..., R]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def fork_workflow_async(
        cls, workflow_id: str, start_step: int, *, application_version: str | None = None
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]: ...
    @classmethod
    def fork_workflow_async(
        cls,
        workflow_id: str,
        start_step: int,
        *,
        application_version: str | None = None,
        workflow: Workflow[..., Any] | None = None,
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]:
        """Coroutine version of fork_workflow."""
        operation = _fork(workflow_id, start_step, application_version, workflow)
        return retrieved_async(current.get(), operation)


def _run(name: str, begin: Callable[[], Operation[T]]) -> T:
    # The operation takes its step number when it is made, so a refused call must not make it.
    refuse_blocking(context.current(), f"DBOS.{name}", f"DBOS.{name}_async")
    return current.get().run(begin())


def _handle(name: str, begin: Callable[[], Operation[WorkflowRecord]]) -> WorkflowHandle[Any]:
    return retrieved(current.get(), _run(name, begin))


def _cancel(workflow_ids: Sequence[str]) -> Operation[None]:
    return management.cancel(current.get().engine, context.current(), workflow_ids)


def _delete(workflow_id: str) -> Operation[None]:
    return management.delete(current.get().engine, context.current(), workflow_id)


def _resume(workflow_id: str, workflow: object | None) -> Operation[WorkflowRecord]:
    return management.resume(current.get().engine, context.current(), workflow_id, expected_name(workflow))


def _fork(
    workflow_id: str,
    start_step: int = 1,
    application_version: str | None = None,
    workflow: object | None = None,
) -> Operation[WorkflowRecord]:
    engine, name = current.get().engine, expected_name(workflow)
    return management.fork(engine, context.current(), workflow_id, start_step, application_version, name)
