"""Starting workflows and finding them again."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, ParamSpec, TypeVar, overload

from dbos_typed.api.functions import Workflow
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync, checked, retrieved, retrieved_async
from dbos_typed.api.invoke import refuse_blocking, resolved
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops import management, workflows
from dbos_typed.error import DBOSContextError
from dbos_typed.records import WorkflowRecord
from dbos_typed.runtime import current

P = ParamSpec("P")
R = TypeVar("R")


class Starting:
    """Starting and retrieving."""

    @overload
    @classmethod
    def start_workflow(
        cls, func: Workflow[P, Coroutine[Any, Any, R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def start_workflow(cls, func: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[R]: ...
    @classmethod
    def start_workflow(cls, func: Workflow[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[Any]:
        """Start a workflow in the background; when this returns it is durable and will run to its end.

        DBOSWorkflowFunctionNotFoundError: `func` is no workflow. DBOSConflictingWorkflowError: the id given with
        SetWorkflowID belongs to another workflow. DBOSSerializationError: an argument cannot be stored.
        """
        backend = current.get()
        frame = context.current()
        refuse_blocking(frame, "DBOS.start_workflow", "DBOS.start_workflow_async")
        target, arguments = resolved(func, args, "DBOS.start_workflow")
        started = backend.run(workflows.start_workflow(backend.engine, frame, target, arguments, kwargs))
        return WorkflowHandle(backend, started.workflow_id, target.definition.result_plan, started.run)

    @classmethod
    def start_workflow_async(
        cls, func: Workflow[P, Coroutine[Any, Any, R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]:
        """Start a coroutine workflow on the running event loop; see start_workflow.

        DBOSContextError: `func` is not a coroutine workflow.
        """
        backend = current.get()
        target, arguments = resolved(func, args, "DBOS.start_workflow_async")
        if not target.definition.is_async:
            msg = (
                f"DBOS.start_workflow_async was given the synchronous workflow {target.definition.name!r}, which would "
                "block the event loop. Make it an async def, or start it with DBOS.start_workflow."
            )
            raise DBOSContextError(msg)
        operation = workflows.start_workflow(backend.engine, context.current(), target, arguments, kwargs)

        async def start() -> WorkflowHandleAsync[R]:
            started = await backend.run_async(operation)
            return WorkflowHandleAsync(backend, started.workflow_id, target.definition.result_plan, started.run)

        return start()

    @overload
    @classmethod
    def retrieve_workflow(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def retrieve_workflow(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., R]
    ) -> WorkflowHandle[R]: ...
    @overload
    @classmethod
    def retrieve_workflow(cls, workflow_id: str, existing_workflow: bool = True) -> WorkflowHandle[Any]: ...
    @classmethod
    def retrieve_workflow(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., Any] | None = None
    ) -> WorkflowHandle[Any]:
        """The handle of a workflow; with `workflow=` of that function, whose result type it then has.

        DBOSNonExistentWorkflowError: there is none; with `existing_workflow=False` its creation is waited for instead.
        DBOSWorkflowTypeMismatchError: it was started as another function than `workflow`.
        """
        refuse_blocking(context.current(), "DBOS.retrieve_workflow", "DBOS.retrieve_workflow_async")
        backend = current.get()
        operation = _found(backend.engine, workflow_id, must_exist=existing_workflow)
        return retrieved(backend, backend.run(checked(operation, workflow)))

    @overload
    @classmethod
    def retrieve_workflow_async(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., Coroutine[Any, Any, R]]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def retrieve_workflow_async(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., R]
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]: ...
    @overload
    @classmethod
    def retrieve_workflow_async(
        cls, workflow_id: str, existing_workflow: bool = True
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]: ...
    @classmethod
    def retrieve_workflow_async(
        cls, workflow_id: str, existing_workflow: bool = True, *, workflow: Workflow[..., Any] | None = None
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[Any]]:
        """The handle of a workflow, for coroutines; see retrieve_workflow."""
        backend = current.get()
        operation = _found(backend.engine, workflow_id, must_exist=existing_workflow)
        return retrieved_async(backend, checked(operation, workflow))


def _found(engine: Engine, workflow_id: str, *, must_exist: bool) -> Operation[WorkflowRecord]:
    return management.retrieve(engine, context.current(), workflow_id, must_exist=must_exist)
