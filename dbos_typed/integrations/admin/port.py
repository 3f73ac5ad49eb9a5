"""What the admin interface needs of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from typing_extensions import Unpack

from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.handles import WorkflowHandle
from dbos_typed.api.status import StepInfo, WorkflowStatus
from dbos_typed.core.health import Health


class Administration(Protocol):
    """The calls that its routes make; each is `DBOS`'s of the same name."""

    def health(self) -> Health: ...

    def deactivate(self) -> None: ...

    def recover_pending_workflows(self, executor_ids: Sequence[str], /) -> list[WorkflowHandle[Any]]: ...

    def list_workflows(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]: ...

    def get_workflow_status(self, workflow_id: str, /) -> WorkflowStatus[Any] | None: ...

    def list_workflow_steps(self, workflow_id: str, /) -> list[StepInfo]: ...

    def cancel_workflow(self, workflow_id: str, /) -> None: ...

    def resume_workflow(self, workflow_id: str, /) -> WorkflowHandle[Any]: ...

    def restart_workflow(self, workflow_id: str, /) -> WorkflowHandle[Any]: ...

    def fork_workflow(
        self, workflow_id: str, start_step: int, /, *, application_version: str | None = None
    ) -> WorkflowHandle[Any]: ...
