"""What generated references need of a client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

from typing_extensions import Unpack

from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync
from dbos_typed.api.status import WorkflowStatus


class WorkflowClient(Protocol):
    """What references need of a client: the application's database without its code."""

    def enqueue(self, options: Any, /, *args: Any, **kwargs: Any) -> WorkflowHandle[Any]:
        """Enqueue a run of the workflow that the options name."""
        ...

    async def enqueue_async(self, options: Any, /, *args: Any, **kwargs: Any) -> WorkflowHandleAsync[Any]:
        """As `enqueue`."""
        ...

    def retrieve_workflow(self, workflow_id: str, /) -> WorkflowHandle[Any]:
        """As `DBOS.retrieve_workflow`."""
        ...

    async def retrieve_workflow_async(self, workflow_id: str, /) -> WorkflowHandleAsync[Any]:
        """As `DBOS.retrieve_workflow_async`."""
        ...

    def list_workflows(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """As `DBOS.list_workflows`."""
        ...

    async def list_workflows_async(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """As `DBOS.list_workflows_async`."""
        ...

    def cancel_workflow(self, workflow_id: str, /) -> None:
        """As `DBOS.cancel_workflow`."""
        ...

    async def cancel_workflow_async(self, workflow_id: str, /) -> None:
        """As `DBOS.cancel_workflow_async`."""
        ...

    def resume_workflow(self, workflow_id: str, /) -> WorkflowHandle[Any]:
        """As `DBOS.resume_workflow`."""
        ...

    async def resume_workflow_async(self, workflow_id: str, /) -> WorkflowHandleAsync[Any]:
        """As `DBOS.resume_workflow_async`."""
        ...

    def restart_workflow(self, workflow_id: str, /) -> WorkflowHandle[Any]:
        """As `DBOS.restart_workflow`."""
        ...

    async def restart_workflow_async(self, workflow_id: str, /) -> WorkflowHandleAsync[Any]:
        """As `DBOS.restart_workflow_async`."""
        ...

    def fork_workflow(
        self, workflow_id: str, start_step: int, /, *, application_version: str | None = None
    ) -> WorkflowHandle[Any]:
        """As `DBOS.fork_workflow`."""
        ...

    async def fork_workflow_async(
        self, workflow_id: str, start_step: int, /, *, application_version: str | None = None
    ) -> WorkflowHandleAsync[Any]:
        """As `DBOS.fork_workflow_async`."""
        ...

    def get_event(self, workflow_id: str, key: Any, /, timeout_seconds: float = 60) -> Any:
        """As `DBOS.get_event`."""
        ...

    async def get_event_async(self, workflow_id: str, key: Any, /, timeout_seconds: float = 60) -> Any:
        """As `DBOS.get_event_async`."""
        ...

    def send(
        self, destination_id: str, message: Any, /, topic: Any = None, *, idempotency_key: str | None = None
    ) -> None:
        """As `DBOS.send`."""
        ...

    async def send_async(
        self, destination_id: str, message: Any, /, topic: Any = None, *, idempotency_key: str | None = None
    ) -> None:
        """As `DBOS.send_async`."""
        ...

    def read_stream(self, workflow_id: str, key: Any, /) -> Iterator[Any]:
        """As `DBOS.read_stream`."""
        ...

    def read_stream_async(self, workflow_id: str, key: Any, /) -> AsyncIterator[Any]:
        """As `DBOS.read_stream_async`."""
        ...
