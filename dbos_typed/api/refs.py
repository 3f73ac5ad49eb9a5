"""Typed references to workflows: what the modules written by dbos-gen are made of.

A reference knows a workflow by module and name. Importing it does not import the workflow: that happens when the
reference is first used in the application, and never when it is used through a client.
"""

from __future__ import annotations

import builtins
import importlib
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, Generic, TypedDict, TypeVar, cast

from typing_extensions import Unpack

from dbos_typed.api.conversation import Conversation
from dbos_typed.api.functions import Workflow, resolve_workflow
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync
from dbos_typed.api.imported import ImportedPlan, ImportedType, know
from dbos_typed.api.keys import Event, Stream, Topic
from dbos_typed.api.managing import Managing
from dbos_typed.api.port import WorkflowClient
from dbos_typed.api.queue import Queue
from dbos_typed.api.registration import registry
from dbos_typed.api.starting import Starting
from dbos_typed.api.status import StatusName, WorkflowStatus
from dbos_typed.api.streaming import Streaming
from dbos_typed.error import DBOSWorkflowFunctionNotFoundError, DBOSWorkflowTypeMismatchError

__all__ = [
    "ClientWorkflows",
    "ClientWorkflowsAsync",
    "ImportedType",
    "Queue",
    "Receiver",
    "RunFilters",
    "StoredWorkflows",
    "StoredWorkflowsAsync",
    "TypedHandle",
    "TypedHandleAsync",
    "WorkflowClient",
    "WorkflowHandle",
    "WorkflowHandleAsync",
    "WorkflowRef",
    "WorkflowRefAsync",
]

T = TypeVar("T")
R = TypeVar("R")
H = TypeVar("H", bound=WorkflowHandle[Any])
HA = TypeVar("HA", bound=WorkflowHandleAsync[Any])


class Receiver(Enum):
    """What a workflow is called on; only a configured instance is named among the arguments of a call."""

    NONE = "none"
    INSTANCE = "instance"
    CLASS = "class"


class RunFilters(TypedDict, total=False):
    """The conditions of a listing; all must hold. Times are RFC 3339 strings or aware datetimes, inclusive."""

    workflow_ids: Sequence[str] | None
    workflow_id_prefix: str | None
    status: StatusName | str | Sequence[str] | None
    start_time: str | datetime | None
    end_time: str | datetime | None
    app_version: str | None
    user: str | None
    queue_name: str | None
    executor_id: str | Sequence[str] | None
    limit: int | None
    offset: int | None
    sort_desc: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which workflow a reference means; `name` is the one it is registered under."""

    module: str
    qualname: str
    name: str
    receiver: Receiver = Receiver.NONE
    class_name: str | None = None

    def function(self) -> Workflow[..., Any]:
        """Import the workflow; DBOSWorkflowFunctionNotFoundError when the module has no such workflow any more."""
        found: object = importlib.import_module(self.module)
        for name in self.qualname.split("."):
            found = getattr(found, name, None)
        if resolve_workflow(found) is None:
            raise DBOSWorkflowFunctionNotFoundError(
                self.name,
                f"{self.module} has no workflow {self.qualname!r}: the generated reference is older than the code. "
                "Run dbos-gen.",
            )
        return cast("Workflow[..., Any]", found)

    def verify(self, workflow_id: str, stored: str) -> None:
        """Raise DBOSWorkflowTypeMismatchError unless the stored name is this workflow's."""
        if stored != self.name:
            raise DBOSWorkflowTypeMismatchError(workflow_id, expected=self.name, stored=stored)

    def enqueue_options(self, queue: str, args: tuple[Any, ...]) -> tuple[dict[str, Any], tuple[Any, ...]]:
        """Return a client's options for an enqueue, and the arguments without the name of a configured instance."""
        options: dict[str, Any] = {"queue_name": queue, "workflow_name": self.name}
        if self.class_name is not None:
            options["class_name"] = self.class_name
        if self.receiver is Receiver.INSTANCE:
            options["config_name"], args = args[0], args[1:]
        return options, args


class TypedHandle(WorkflowHandle[R]):
    """Base of generated handles: a workflow's own events, message topics and streams by name.

    `events`, `topics` and `streams` map each name to the place, `module:name`, of the `Event[T]`, `Topic[T]` or
    `Stream[T]` that declares it, or to None when it is not declared. `result_type` and the places in `value_types` are
    for processes without the workflow: how its results are read, and the classes that its arguments, events, messages
    and streams are made of.
    """

    events: ClassVar[Mapping[str, str | None]] = {}
    topics: ClassVar[Mapping[str | None, str | None]] = {}
    streams: ClassVar[Mapping[str, str | None]] = {}
    result_type: ClassVar[ImportedType | None] = None
    value_types: ClassVar[Sequence[str]] = ()
    client: WorkflowClient | None = None

    def get_event(self, key: str, timeout_seconds: float = 60) -> Any:
        """Return the event's latest value, waiting for the first; None after the timeout.

        Raises ValueError for an event that the workflow does not set.
        """
        _know_values(type(self), self.client, imports=True)
        declared = _declared(self.events, key, "event", imports=self.client is None)
        if self.client is not None:
            return self.client.get_event(self.workflow_id, declared, timeout_seconds)
        return Conversation.get_event(self.workflow_id, declared, timeout_seconds)

    def send(self, message: Any, topic: str | None = None, *, idempotency_key: str | None = None) -> None:
        """Send a message, once for one `idempotency_key`.

        Raises ValueError for a topic that the workflow does not receive from.
        """
        _know_values(type(self), self.client, imports=False)
        declared = _declared(self.topics, topic, "topic", imports=self.client is None)
        if self.client is not None:
            self.client.send(self.workflow_id, message, declared, idempotency_key=idempotency_key)
        else:
            Conversation.send(self.workflow_id, message, declared, idempotency_key=idempotency_key)

    def read_stream(self, key: str) -> Iterator[Any]:
        """Return the stream's values in order, as they come, until it is closed or the workflow has ended.

        Raises ValueError for a stream that the workflow does not write.
        """
        _know_values(type(self), self.client, imports=True)
        declared = _declared(self.streams, key, "stream", imports=self.client is None)
        if self.client is not None:
            return self.client.read_stream(self.workflow_id, declared)
        return Streaming.read_stream(self.workflow_id, declared)


class TypedHandleAsync(WorkflowHandleAsync[R]):
    """Base of generated handles of coroutine workflows: `TypedHandle` with coroutines."""

    events: ClassVar[Mapping[str, str | None]] = {}
    topics: ClassVar[Mapping[str | None, str | None]] = {}
    streams: ClassVar[Mapping[str, str | None]] = {}
    result_type: ClassVar[ImportedType | None] = None
    value_types: ClassVar[Sequence[str]] = ()
    client: WorkflowClient | None = None

    # Not `async def`: the runtime numbers a recorded call when its coroutine is made, not when it is awaited.
    def get_event(self, key: str, timeout_seconds: float = 60) -> Coroutine[Any, Any, Any]:
        """As `TypedHandle.get_event`."""
        _know_values(type(self), self.client, imports=True)
        declared = _declared(self.events, key, "event", imports=self.client is None)
        if self.client is not None:
            return self.client.get_event_async(self.workflow_id, declared, timeout_seconds)
        return Conversation.get_event_async(self.workflow_id, declared, timeout_seconds)

    def send(
        self, message: Any, topic: str | None = None, *, idempotency_key: str | None = None
    ) -> Coroutine[Any, Any, None]:
        """As `TypedHandle.send`."""
        _know_values(type(self), self.client, imports=False)
        declared = _declared(self.topics, topic, "topic", imports=self.client is None)
        if self.client is not None:
            return self.client.send_async(self.workflow_id, message, declared, idempotency_key=idempotency_key)
        return Conversation.send_async(self.workflow_id, message, declared, idempotency_key=idempotency_key)

    def read_stream(self, key: str) -> AsyncIterator[Any]:
        """As `TypedHandle.read_stream`."""
        _know_values(type(self), self.client, imports=True)
        declared = _declared(self.streams, key, "stream", imports=self.client is None)
        if self.client is not None:
            return self.client.read_stream_async(self.workflow_id, declared)
        return Streaming.read_stream_async(self.workflow_id, declared)


class StoredWorkflows(Generic[H, R]):
    """The runs of one workflow: found by id, listed, and managed. `H` is the type of their handles."""

    def __init__(self, target: Target, handle: type[H], client: WorkflowClient | None = None) -> None:
        self._target = target
        self._handle = handle
        self._client = client

    @property
    def _manager(self) -> WorkflowClient | type[Managing]:
        """A client, or the engine of this process."""
        return Managing if self._client is None else self._client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._target.module}:{self._target.qualname}>"

    def retrieve(self, workflow_id: str) -> H:
        """Return the handle of an existing run.

        Raises DBOSNonExistentWorkflowError for an unknown id, DBOSWorkflowTypeMismatchError when the id is another
        workflow's.
        """
        if self._client is None:
            return self._adopt(Starting.retrieve_workflow(workflow_id, workflow=self._target.function()))
        handle = self._client.retrieve_workflow(workflow_id)
        self._target.verify(workflow_id, handle.get_status().name)
        return self._adopt(handle)

    def list(self, **filters: Unpack[RunFilters]) -> builtins.list[WorkflowStatus[R]]:
        """Return the status of the runs that meet every condition, oldest first."""
        return cast("list[WorkflowStatus[R]]", self._manager.list_workflows(name=self._target.name, **filters))

    def cancel(self, workflow_id: str) -> None:
        """Cancel a run; nothing happens when it has ended."""
        self._manager.cancel_workflow(workflow_id)

    def resume(self, workflow_id: str) -> H:
        """Resume a run that was cancelled or exceeded its recovery attempts; raises as `retrieve` does."""
        self.retrieve(workflow_id)
        return self._adopt(self._manager.resume_workflow(workflow_id))

    def restart(self, workflow_id: str) -> H:
        """Start a new run with the inputs of another; raises as `retrieve` does."""
        self.retrieve(workflow_id)
        return self._adopt(self._manager.restart_workflow(workflow_id))

    def fork(self, workflow_id: str, start_step: int, *, application_version: str | None = None) -> H:
        """Start a new run that takes over the records below `start_step`; raises as `retrieve` does."""
        self.retrieve(workflow_id)
        return self._adopt(
            self._manager.fork_workflow(workflow_id, start_step, application_version=application_version)
        )

    def _adopt(self, handle: WorkflowHandle[Any]) -> H:
        adopted = self._handle.adopt(handle)
        if isinstance(adopted, TypedHandle):
            adopted.client = self._client
        return adopted


class StoredWorkflowsAsync(Generic[HA, R]):
    """The runs of one coroutine workflow: `StoredWorkflows` with coroutines."""

    def __init__(self, target: Target, handle: type[HA], client: WorkflowClient | None = None) -> None:
        self._target = target
        self._handle = handle
        self._client = client

    @property
    def _manager(self) -> WorkflowClient | type[Managing]:
        """A client, or the engine of this process."""
        return Managing if self._client is None else self._client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._target.module}:{self._target.qualname}>"

    async def retrieve(self, workflow_id: str) -> HA:
        """As `StoredWorkflows.retrieve`."""
        if self._client is None:
            return self._adopt(await Starting.retrieve_workflow_async(workflow_id, workflow=self._target.function()))
        handle = await self._client.retrieve_workflow_async(workflow_id)
        self._target.verify(workflow_id, (await handle.get_status()).name)
        return self._adopt(handle)

    async def list(self, **filters: Unpack[RunFilters]) -> builtins.list[WorkflowStatus[R]]:
        """As `StoredWorkflows.list`."""
        return cast(
            "list[WorkflowStatus[R]]", await self._manager.list_workflows_async(name=self._target.name, **filters)
        )

    async def cancel(self, workflow_id: str) -> None:
        """As `StoredWorkflows.cancel`."""
        await self._manager.cancel_workflow_async(workflow_id)

    async def resume(self, workflow_id: str) -> HA:
        """As `StoredWorkflows.resume`."""
        await self.retrieve(workflow_id)
        return self._adopt(await self._manager.resume_workflow_async(workflow_id))

    async def restart(self, workflow_id: str) -> HA:
        """As `StoredWorkflows.restart`."""
        await self.retrieve(workflow_id)
        return self._adopt(await self._manager.restart_workflow_async(workflow_id))

    async def fork(self, workflow_id: str, start_step: int, *, application_version: str | None = None) -> HA:
        """As `StoredWorkflows.fork`."""
        await self.retrieve(workflow_id)
        return self._adopt(
            await self._manager.fork_workflow_async(workflow_id, start_step, application_version=application_version)
        )

    async def _adopted(self, handle: Coroutine[Any, Any, WorkflowHandleAsync[Any]]) -> HA:
        return self._adopt(await handle)

    def _adopt(self, handle: WorkflowHandleAsync[Any]) -> HA:
        adopted = self._handle.adopt(handle)
        if isinstance(adopted, TypedHandleAsync):
            adopted.client = self._client
        return adopted


class ClientWorkflows(StoredWorkflows[H, R]):
    """A workflow reached through a client. Generated stubs give `enqueue` its parameters."""

    def __init__(self, target: Target, handle: type[H], client: WorkflowClient) -> None:
        super().__init__(target, handle, client)
        _know_result(target, handle)

    def enqueue(self, queue: str, /, *args: Any, **kwargs: Any) -> H:
        """Enqueue a run on the queue of that name; a method's arguments follow the config name of its instance."""
        _know_values(self._handle, self._client, imports=False)
        options, args = self._target.enqueue_options(queue, args)
        return self._adopt(_given(self._client).enqueue(options, *args, **kwargs))


class ClientWorkflowsAsync(StoredWorkflowsAsync[HA, R]):
    """A coroutine workflow reached through a client. Generated stubs give `enqueue` its parameters."""

    def __init__(self, target: Target, handle: type[HA], client: WorkflowClient) -> None:
        super().__init__(target, handle, client)
        _know_result(target, handle)

    async def enqueue(self, queue: str, /, *args: Any, **kwargs: Any) -> HA:
        """As `ClientWorkflows.enqueue`."""
        _know_values(self._handle, self._client, imports=False)
        options, args = self._target.enqueue_options(queue, args)
        return self._adopt(await _given(self._client).enqueue_async(options, *args, **kwargs))


class WorkflowRef(StoredWorkflows[H, R]):
    """A workflow of this application. Generated stubs give `start` and `enqueue` its parameters."""

    def __init__(
        self,
        *,
        module: str,
        qualname: str,
        name: str,
        handle: type[H],
        receiver: Receiver = Receiver.NONE,
        class_name: str | None = None,
    ) -> None:
        target = Target(module=module, qualname=qualname, name=name, receiver=receiver, class_name=class_name)
        super().__init__(target, handle)

    def start(self, /, *args: Any, **kwargs: Any) -> H:
        """Start a run in the background; a configured instance comes before the arguments of its method."""
        return self._adopt(Starting.start_workflow(self._target.function(), *args, **kwargs))

    def enqueue(self, queue: Queue, /, *args: Any, **kwargs: Any) -> H:
        """Enqueue a run; a configured instance comes before the arguments of its method."""
        return self._adopt(queue.enqueue(self._target.function(), *args, **kwargs))

    def via(self, client: WorkflowClient) -> ClientWorkflows[H, R]:
        """Return the same workflow as seen by a process that has the database and not the code."""
        return ClientWorkflows(self._target, self._handle, client)


class WorkflowRefAsync(StoredWorkflowsAsync[HA, R]):
    """A coroutine workflow of this application: `WorkflowRef` with coroutines."""

    def __init__(
        self,
        *,
        module: str,
        qualname: str,
        name: str,
        handle: type[HA],
        receiver: Receiver = Receiver.NONE,
        class_name: str | None = None,
    ) -> None:
        target = Target(module=module, qualname=qualname, name=name, receiver=receiver, class_name=class_name)
        super().__init__(target, handle)

    def start(self, /, *args: Any, **kwargs: Any) -> Coroutine[Any, Any, HA]:
        """As `WorkflowRef.start`."""
        return self._adopted(Starting.start_workflow_async(self._target.function(), *args, **kwargs))

    def enqueue(self, queue: Queue, /, *args: Any, **kwargs: Any) -> Coroutine[Any, Any, HA]:
        """As `WorkflowRef.enqueue`."""
        return self._adopted(queue.enqueue_async(self._target.function(), *args, **kwargs))

    def via(self, client: WorkflowClient) -> ClientWorkflowsAsync[HA, R]:
        """As `WorkflowRef.via`."""
        return ClientWorkflowsAsync(self._target, self._handle, client)


def _given(client: WorkflowClient | None) -> WorkflowClient:
    if client is None:
        msg = "this needs a client; get the reference with via(client)"
        raise TypeError(msg)
    return client


def _know_result(target: Target, handle: type[WorkflowHandle[Any] | WorkflowHandleAsync[Any]]) -> None:
    """Let this process read the workflow's results as their type, which is imported with the first of them."""
    if not issubclass(handle, TypedHandle | TypedHandleAsync):
        return
    if handle.result_type is not None and registry.result_plan(target.name) is None:
        registry.add_result_plan(target.name, ImportedPlan(target.name, handle.result_type))


def _know_values(
    handle: type[WorkflowHandle[Any] | WorkflowHandleAsync[Any]], client: WorkflowClient | None, *, imports: bool
) -> None:
    """Let this process store or read what the workflow's annotations name, where no workflow said so."""
    if client is not None and issubclass(handle, TypedHandle | TypedHandleAsync):
        for place in handle.value_types:
            know(place, imports=imports)


def _declared(known: Mapping[Any, str | None], name: str | None, kind: str, *, imports: bool) -> Any:
    """Return the declared key of a name, or the name itself when there is none or its module is not at hand."""
    if name not in known:
        names = ", ".join(sorted(repr(each) for each in known)) or "none"
        msg = f"the workflow has no {kind} {name!r}; known: {names}. Run dbos-gen if the workflow has changed"
        raise ValueError(msg)
    place = known[name]
    if place is None:
        return name
    module, _, path = place.partition(":")
    try:
        found: object = importlib.import_module(module)
    except ImportError:
        if imports:
            raise
        return name
    for part in path.split("."):
        found = getattr(found, part, None)
    return found if _is_key(found, name) else name


def _is_key(found: object, name: str | None) -> bool:
    return isinstance(found, Event | Topic | Stream) and found.name == name
