"""What an operator asks of the executor of this process: how it is, to begin nothing new, to recover others' work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync
from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.services import services
from dbos_typed.core import context
from dbos_typed.core.health import Health
from dbos_typed.core.names import check_names
from dbos_typed.runtime import current


class Operating:
    """The executor of this process, for those who operate it."""

    @classmethod
    def deactivate(cls) -> None:
        """Begin nothing new: queues, schedules and consumers stop, what runs goes on. For shutting down gently."""
        services.stop(intake_only=True)
        current.get().deactivate()

    @classmethod
    def health(cls) -> Health:
        """How this executor is now: its services, and whether the database answers, which is not asked for this.

        Answers at once, also while the database is unavailable. DBOSInitializationError: the engine is not launched.
        """
        found = current.get().health()
        return replace(found, services=(*found.services, *services.health()))

    @classmethod
    def recover_pending_workflows(cls, executor_ids: Sequence[str]) -> list[WorkflowHandle[Any]]:
        """Run here what these executors left PENDING, of this application version; handles of what was taken over.

        What came from a queue with a limit of concurrency goes back to its place there first, and has its turn.
        """
        refuse_blocking(context.current(), "DBOS.recover_pending_workflows", "DBOS.recover_pending_workflows_async")
        backend = current.get()
        return [
            WorkflowHandle(backend, run.workflow_id, run.definition.result_plan, run if run.is_begun else None)
            for run in backend.recover(check_names(executor_ids, "the executor ids"))
        ]

    @classmethod
    async def recover_pending_workflows_async(cls, executor_ids: Sequence[str]) -> list[WorkflowHandleAsync[Any]]:
        """Coroutine version of recover_pending_workflows."""
        backend = current.get()
        return [
            WorkflowHandleAsync(backend, run.workflow_id, run.definition.result_plan, run if run.is_begun else None)
            for run in await asyncio.to_thread(backend.recover, check_names(executor_ids, "the executor ids"))
        ]
