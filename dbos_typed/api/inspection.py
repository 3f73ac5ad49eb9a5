"""Stored workflows as users see them; shared by DBOS and DBOSClient."""

from __future__ import annotations

from typing import Any

from dbos_typed.api.filters import WorkflowFilters, condition_of
from dbos_typed.api.status import StepInfo, WorkflowStatus, status_of, step_info
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops import management
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.runtime.current import Backend


class Inspection:
    """Reads of one backend. The numbers of recorded calls are taken when the operation is made."""

    def __init__(self, backend: Backend) -> None:
        self._engine = backend.engine
        self._frame = backend.frame()

    def status(self, workflow_id: str) -> Operation[WorkflowStatus[Any] | None]:
        """One workflow; None: there is none."""
        operation = management.status(self._engine, self._frame, workflow_id)

        async def read() -> WorkflowStatus[Any] | None:
            record = await operation
            return None if record is None else status_of(self._engine, record)

        return read()

    def workflows(self, filters: WorkflowFilters, *, queued_only: bool = False) -> Operation[list[WorkflowStatus[Any]]]:
        """The workflows that match. ValueError: a filter is wrong."""
        condition: WorkflowFilter = condition_of(filters, queued_only=queued_only)
        operation = management.list_workflows(self._engine, self._frame, condition)

        async def read() -> list[WorkflowStatus[Any]]:
            return [status_of(self._engine, record) for record in await operation]

        return read()

    def steps(self, workflow_id: str) -> Operation[list[StepInfo]]:
        """The recorded calls of a workflow."""
        operation = management.list_steps(self._engine, self._frame, workflow_id)

        async def read() -> list[StepInfo]:
            return [step_info(self._engine, record) for record in await operation]

        return read()

    def events(self, workflow_id: str) -> Operation[dict[str, Any]]:
        """The events of a workflow."""
        operation = management.all_events(self._engine, self._frame, workflow_id)

        async def read() -> dict[str, Any]:
            return {key: self._engine.dynamic.try_decode(value) for key, value in (await operation).items()}

        return read()
