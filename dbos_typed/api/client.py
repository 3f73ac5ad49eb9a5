"""The client: an application's workflows from a process that has its database and not its code."""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import Any, NotRequired, Protocol, Self, TypedDict, TypeVar, cast, overload

from typing_extensions import Unpack

from dbos_typed.api.blocks import MAX_PRIORITY, MIN_PRIORITY
from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync, retrieved, retrieved_async
from dbos_typed.api.inspection import Inspection
from dbos_typed.api.keys import Event, Stream, Topic, TypedKey
from dbos_typed.api.registration import codec, registry, tracer
from dbos_typed.api.serializing import serializers
from dbos_typed.api.status import StepInfo, WorkflowStatus
from dbos_typed.api.streaming import reading
from dbos_typed.codec import Plan
from dbos_typed.config import DBOSConfig, Serializer, Settings, read_config, sibling_database
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.names import check_name, check_new_id
from dbos_typed.core.ops import events, management, messages, streams
from dbos_typed.core.ops.enqueueing import Named, enqueue_named
from dbos_typed.core.ops.workflows import Enqueued
from dbos_typed.core.quantities import check_count, check_duration
from dbos_typed.error import DBOSInitializationError
from dbos_typed.records import WorkflowRecord
from dbos_typed.runtime.current import Backend

T = TypeVar("T")

_logger = logging.getLogger("dbos_typed")


class EnqueueOptions(TypedDict):
    """Which workflow to enqueue, and where."""

    workflow_name: str
    """The name under which the application registers it: its `__qualname__` unless it says otherwise."""
    queue_name: str
    """A queue that the application registers. It is not checked that it does."""
    workflow_id: NotRequired[str | None]
    """Default: that of a SetWorkflowID block, else a generated one. An id that exists is left as it is."""
    app_version: NotRequired[str | None]
    """The version of the application that is to run it; default: whichever takes it."""
    workflow_timeout: NotRequired[float | None]
    """Seconds from leaving the queue to being cancelled."""
    deduplication_id: NotRequired[str | None]
    priority: NotRequired[int | None]
    queue_partition_key: NotRequired[str | None]
    delay_seconds: NotRequired[float | None]
    class_name: NotRequired[str | None]
    """For methods: the registered name of the class."""
    config_name: NotRequired[str | None]
    """For methods of configured instances: the name of the instance."""
    max_recovery_attempts: NotRequired[int | None]
    """Accepted and not used: the workflow's own decorator says how often it is recovered."""


class _ClientBackend(Backend, Protocol):
    def close(self) -> None: ...


class DBOSClient:
    """Enqueues, messages and manages the workflows of an application, and runs none.

    It needs the system database and not the application's code: results and events are read by what is stored, and
    `know_classes` says as which classes. Usable from several threads and event loops; a context manager that closes
    it.

    ```python
    with DBOSClient("postgresql://localhost/shop") as client:
        handle = client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "order-1")
        handle.get_result()
    ```
    """

    def __init__(
        self,
        system_database_url: str | None = None,
        *,
        database_url: str | None = None,
        system_database: str | None = None,
        dbos_system_schema: str | None = None,
        serializer: Serializer | None = None,
        database_timeout_seconds: float = 60.0,
    ) -> None:
        """Connect to the database in which the application stores its workflows.

        That is `system_database_url`, else `database_url`; `system_database` is its name when it is another database
        of the same server. `serializer` is that of the application, when it has one. A database that does not answer is
        waited for during `database_timeout_seconds`, here and in every call without a timeout of its own; then
        DBOSDatabaseUnavailableError is raised.

        DBOSInitializationError: the database is not named, or cannot be used; or an application in this process has
        another serializer.
        """
        settings = _settings(system_database_url, database_url, system_database, dbos_system_schema)
        # The runtime imports SQLAlchemy and database drivers, which a module that only imports this need not wait for.
        module = import_module("dbos_typed.runtime.client")
        self._backend: _ClientBackend = module.ClientRuntime(
            settings.system_database_url,
            schema=settings.schema,
            registry=registry,
            codec=codec,
            logger=_logger,
            patience_seconds=check_duration(database_timeout_seconds, "database_timeout_seconds"),
            tracer=tracer,
        )
        if serializer is not None:
            try:
                serializers.hold(self, serializer)
            except BaseException:
                self._backend.close()
                raise

    def destroy(self) -> None:
        """Close every connection; whoever still waits ends with DBOSInitializationError. Idempotent."""
        self._backend.close()
        serializers.release(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.destroy()

    def know_classes(self, *classes: type) -> None:
        """Let stored values that name these classes, or subclasses of them, be read as their instances."""
        for cls in classes:
            codec.know_class(cls)

    # --- enqueueing ---------------------------------------------------------------------------------------------------

    def enqueue(self, options: EnqueueOptions, /, *args: Any, **kwargs: Any) -> WorkflowHandle[Any]:
        """Put a workflow on a queue; when this returns it is durable and will have its turn.

        ValueError: an option is wrong. DBOSQueueDeduplicatedError, DBOSConflictingWorkflowError,
        DBOSSerializationError: as for Queue.enqueue.
        """
        workflow_id = self._backend.run(self._enqueue(options, args, kwargs))
        return WorkflowHandle(self._backend, workflow_id, self._result_plan(options))

    async def enqueue_async(self, options: EnqueueOptions, /, *args: Any, **kwargs: Any) -> WorkflowHandleAsync[Any]:
        """Coroutine version of enqueue."""
        workflow_id = await self._backend.run_async(self._enqueue(options, args, kwargs))
        return WorkflowHandleAsync(self._backend, workflow_id, self._result_plan(options))

    # --- messages and events ------------------------------------------------------------------------------------------

    @overload
    def send(self, destination_id: str, message: T, topic: Topic[T], idempotency_key: str | None = None) -> None: ...
    @overload
    def send(
        self, destination_id: str, message: object, topic: str | None = None, idempotency_key: str | None = None
    ) -> None: ...
    def send(
        self,
        destination_id: str,
        message: object,
        topic: str | Topic[Any] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Send a message to a workflow, once for one `idempotency_key`; it is durable when this returns.

        DBOSNonExistentWorkflowError: there is no such workflow.
        """
        self._backend.run(self._send(destination_id, message, topic, idempotency_key))

    @overload
    async def send_async(
        self, destination_id: str, message: T, topic: Topic[T], idempotency_key: str | None = None
    ) -> None: ...
    @overload
    async def send_async(
        self, destination_id: str, message: object, topic: str | None = None, idempotency_key: str | None = None
    ) -> None: ...
    async def send_async(
        self,
        destination_id: str,
        message: object,
        topic: str | Topic[Any] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Coroutine version of send."""
        await self._backend.run_async(self._send(destination_id, message, topic, idempotency_key))

    @overload
    def get_event(self, workflow_id: str, key: Event[T], timeout_seconds: float = 60) -> T | None: ...
    @overload
    def get_event(self, workflow_id: str, key: str, timeout_seconds: float = 60) -> Any | None: ...
    def get_event(self, workflow_id: str, key: str | Event[Any], timeout_seconds: float = 60) -> Any | None:
        """The latest value that the workflow published under `key`, waiting up to `timeout_seconds` for the first."""
        return self._backend.run(self._get_event(workflow_id, key, timeout_seconds))

    @overload
    async def get_event_async(self, workflow_id: str, key: Event[T], timeout_seconds: float = 60) -> T | None: ...
    @overload
    async def get_event_async(self, workflow_id: str, key: str, timeout_seconds: float = 60) -> Any | None: ...
    async def get_event_async(self, workflow_id: str, key: str | Event[Any], timeout_seconds: float = 60) -> Any | None:
        """Coroutine version of get_event."""
        return await self._backend.run_async(self._get_event(workflow_id, key, timeout_seconds))

    def get_all_events(self, workflow_id: str) -> dict[str, Any]:
        """The latest value of every event of a workflow by key; none for an unknown id."""
        return self._backend.run(Inspection(self._backend).events(workflow_id))

    async def get_all_events_async(self, workflow_id: str) -> dict[str, Any]:
        """Coroutine version of get_all_events."""
        return await self._backend.run_async(Inspection(self._backend).events(workflow_id))

    # --- streams ------------------------------------------------------------------------------------------------------

    @overload
    def read_stream(self, workflow_id: str, key: Stream[T]) -> Generator[T]: ...
    @overload
    def read_stream(self, workflow_id: str, key: str) -> Generator[Any]: ...
    def read_stream(self, workflow_id: str, key: str | Stream[Any]) -> Generator[Any]:
        """The values of a stream in order, as they come, until it is closed or its workflow has ended.

        A value that cannot be read is an UndecodableValue when the stream is read by name; a typed reading ends there
        with DBOSSerializationError.
        """
        read, position, is_last = reading(key, self._plan(key)), 0, False
        while not is_last:
            chunk = self._backend.run(self._next_chunk(workflow_id, key, position))
            position, is_last = chunk.position, chunk.is_last
            yield from map(read, chunk.values)

    @overload
    def read_stream_async(self, workflow_id: str, key: Stream[T]) -> AsyncGenerator[T]: ...
    @overload
    def read_stream_async(self, workflow_id: str, key: str) -> AsyncGenerator[Any]: ...
    async def read_stream_async(self, workflow_id: str, key: str | Stream[Any]) -> AsyncGenerator[Any]:
        """Asynchronous version of read_stream."""
        read, position, is_last = reading(key, self._plan(key)), 0, False
        while not is_last:
            chunk = await self._backend.run_async(self._next_chunk(workflow_id, key, position))
            position, is_last = chunk.position, chunk.is_last
            for value in chunk.values:
                yield read(value)

    # --- looking ------------------------------------------------------------------------------------------------------

    def retrieve_workflow(self, workflow_id: str, existing_workflow: bool = True) -> WorkflowHandle[Any]:
        """The handle of a workflow.

        DBOSNonExistentWorkflowError: there is none; with `existing_workflow=False` its creation is waited for instead.
        """
        return retrieved(self._backend, self._backend.run(self._find(workflow_id, must_exist=existing_workflow)))

    async def retrieve_workflow_async(
        self, workflow_id: str, existing_workflow: bool = True
    ) -> WorkflowHandleAsync[Any]:
        """Coroutine version of retrieve_workflow."""
        return await retrieved_async(self._backend, self._find(workflow_id, must_exist=existing_workflow))

    def get_workflow_status(self, workflow_id: str) -> WorkflowStatus[Any] | None:
        """The workflow as it is stored now; None: there is none."""
        return self._backend.run(Inspection(self._backend).status(workflow_id))

    async def get_workflow_status_async(self, workflow_id: str) -> WorkflowStatus[Any] | None:
        """Coroutine version of get_workflow_status."""
        return await self._backend.run_async(Inspection(self._backend).status(workflow_id))

    def list_workflows(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """The workflows that match every filter, oldest first; see WorkflowFilters."""
        return self._backend.run(Inspection(self._backend).workflows(filters))

    async def list_workflows_async(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """Coroutine version of list_workflows."""
        return await self._backend.run_async(Inspection(self._backend).workflows(filters))

    def list_queued_workflows(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """The workflows that wait on a queue or were taken from one and run; see WorkflowFilters."""
        return self._backend.run(Inspection(self._backend).workflows(filters, queued_only=True))

    async def list_queued_workflows_async(self, **filters: Unpack[WorkflowFilters]) -> list[WorkflowStatus[Any]]:
        """Coroutine version of list_queued_workflows."""
        return await self._backend.run_async(Inspection(self._backend).workflows(filters, queued_only=True))

    def list_workflow_steps(self, workflow_id: str) -> list[StepInfo]:
        """The recorded calls of a workflow in order; none for an unknown id."""
        return self._backend.run(Inspection(self._backend).steps(workflow_id))

    async def list_workflow_steps_async(self, workflow_id: str) -> list[StepInfo]:
        """Coroutine version of list_workflow_steps."""
        return await self._backend.run_async(Inspection(self._backend).steps(workflow_id))

    # --- steering -----------------------------------------------------------------------------------------------------

    def cancel_workflow(self, workflow_id: str) -> None:
        """Cancel a workflow: it stops at its next recorded call. An unknown or ended one is left as it is."""
        self._backend.run(self._cancel([workflow_id]))

    async def cancel_workflow_async(self, workflow_id: str) -> None:
        """Coroutine version of cancel_workflow."""
        await self._backend.run_async(self._cancel([workflow_id]))

    def cancel_workflows(self, workflow_ids: Sequence[str]) -> None:
        """Cancel workflows, all in one go; see cancel_workflow."""
        self._backend.run(self._cancel(workflow_ids))

    async def cancel_workflows_async(self, workflow_ids: Sequence[str]) -> None:
        """Coroutine version of cancel_workflows."""
        await self._backend.run_async(self._cancel(workflow_ids))

    def delete_workflow(self, workflow_id: str) -> None:
        """Remove a workflow and everything recorded of it; a running one is cancelled. Unknown: nothing happens."""
        self._backend.run(self._delete(workflow_id))

    async def delete_workflow_async(self, workflow_id: str) -> None:
        """Coroutine version of delete_workflow."""
        await self._backend.run_async(self._delete(workflow_id))

    def resume_workflow(self, workflow_id: str) -> WorkflowHandle[Any]:
        """Have a workflow that has no outcome run by the next executor that has its function.

        That is one of its version, or of any version when no executor of its own lives. A PENDING one is continued when
        its executor has ended; one that a living executor runs is left as it is, which is logged.
        DBOSNonExistentWorkflowError: there is none.
        """
        return retrieved(self._backend, self._backend.run(self._resume(workflow_id)))

    async def resume_workflow_async(self, workflow_id: str) -> WorkflowHandleAsync[Any]:
        """Coroutine version of resume_workflow."""
        return await retrieved_async(self._backend, self._resume(workflow_id))

    def restart_workflow(self, workflow_id: str) -> WorkflowHandle[Any]:
        """Have a new workflow run with the inputs, function, instance and identity of this one, under a new id.

        SetWorkflowID may give the id: repeated with it, the call gives the copy that exists.
        DBOSNonExistentWorkflowError: there is none.
        """
        return retrieved(self._backend, self._backend.run(self._fork(workflow_id, 1, None)))

    async def restart_workflow_async(self, workflow_id: str) -> WorkflowHandleAsync[Any]:
        """Coroutine version of restart_workflow."""
        return await retrieved_async(self._backend, self._fork(workflow_id, 1, None))

    def fork_workflow(
        self, workflow_id: str, start_step: int, *, application_version: str | None = None
    ) -> WorkflowHandle[Any]:
        """Have a new workflow run like this one from `start_step` on, with copies of the records below.

        Steps are counted from 1; from a lower one on, the new workflow runs from the beginning.

        `application_version` names the version that is to run it, by default its own. SetWorkflowID may give the id:
        repeated with it, the call gives the copy that exists. DBOSNonExistentWorkflowError: there is no such workflow.
        DBOSConflictingWorkflowError: what has the given id is no such copy.
        """
        return retrieved(self._backend, self._backend.run(self._fork(workflow_id, start_step, application_version)))

    async def fork_workflow_async(
        self, workflow_id: str, start_step: int, *, application_version: str | None = None
    ) -> WorkflowHandleAsync[Any]:
        """Coroutine version of fork_workflow."""
        return await retrieved_async(self._backend, self._fork(workflow_id, start_step, application_version))

    # --- what both forms share ----------------------------------------------------------------------------------------

    def _enqueue(self, options: EnqueueOptions, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Operation[str]:
        _check_options(options)
        frame = self._backend.frame()
        workflow_id = options.get("workflow_id")
        if workflow_id is None and frame.assigned_id is not None and not frame.assigned_id.is_used:
            frame.assigned_id.is_used = True
            workflow_id = frame.assigned_id.id_for(frame.auth)
        named = Named(
            name=options["workflow_name"], class_name=options.get("class_name"), config_name=options.get("config_name")
        )
        enqueued = Enqueued(
            queue_name=options["queue_name"],
            deduplication_id=options.get("deduplication_id"),
            priority=options.get("priority") or 0,
            partition_key=options.get("queue_partition_key"),
            app_version=options.get("app_version"),
            delay_seconds=options.get("delay_seconds") or 0,
        )
        return enqueue_named(
            self._backend.engine,
            frame,
            str(uuid.uuid4()) if workflow_id is None else workflow_id,
            named,
            args,
            kwargs,
            enqueued,
            options.get("workflow_timeout"),
        )

    def _result_plan(self, options: EnqueueOptions) -> Plan[Any]:
        return registry.result_plan(options["workflow_name"]) or self._backend.engine.dynamic

    def _plan(self, key: str | Event[Any] | Topic[Any] | Stream[Any] | None) -> Plan[Any]:
        if isinstance(key, TypedKey):
            return codec.plan(key.value_type, where=repr(key))
        return self._backend.engine.dynamic

    def _send(
        self, destination_id: str, message: object, topic: str | Topic[Any] | None, idempotency_key: str | None
    ) -> Operation[None]:
        engine, frame = self._backend.engine, self._backend.frame()
        self._plan(topic)  # makes the classes of a typed topic known
        name = topic.name if isinstance(topic, TypedKey) else topic
        return messages.send(engine, frame, destination_id, message, name, engine.dynamic, idempotency_key)

    def _get_event(self, workflow_id: str, key: str | Event[Any], timeout_seconds: float) -> Operation[Any]:
        engine, frame = self._backend.engine, self._backend.frame()
        name = key.name if isinstance(key, TypedKey) else key
        return events.get_event(engine, frame, workflow_id, name, timeout_seconds, self._plan(key))

    def _next_chunk(self, workflow_id: str, key: str | Stream[Any], position: int) -> Operation[streams.Chunk]:
        name = key.name if isinstance(key, TypedKey) else key
        return streams.next_chunk(self._backend.engine, self._backend.frame(), workflow_id, name, position)

    def _find(self, workflow_id: str, *, must_exist: bool) -> Operation[WorkflowRecord]:
        return management.retrieve(self._backend.engine, self._backend.frame(), workflow_id, must_exist=must_exist)

    def _cancel(self, workflow_ids: Sequence[str]) -> Operation[None]:
        return management.cancel(self._backend.engine, self._backend.frame(), workflow_ids)

    def _delete(self, workflow_id: str) -> Operation[None]:
        return management.delete(self._backend.engine, self._backend.frame(), workflow_id)

    def _resume(self, workflow_id: str) -> Operation[WorkflowRecord]:
        return management.resume(self._backend.engine, self._backend.frame(), workflow_id)

    def _fork(self, workflow_id: str, start_step: int, application_version: str | None) -> Operation[WorkflowRecord]:
        engine, frame = self._backend.engine, self._backend.frame()
        return management.fork(engine, frame, workflow_id, start_step, application_version)


def _settings(
    system_database_url: str | None, database_url: str | None, system_database: str | None, schema: str | None
) -> Settings:
    url = system_database_url or database_url
    if url is None:
        msg = "DBOSClient was not told which database: write DBOSClient('postgresql://user:password@host:5432/name')."
        raise DBOSInitializationError(msg)
    if system_database is not None:
        url = sibling_database(url, system_database)
    # The environment is the application's affair; what is named here counts.
    return read_config(DBOSConfig(name="client", system_database_url=url, dbos_system_schema=schema), {})


def _check_options(options: EnqueueOptions) -> None:
    """ValueError: lists what is wrong. TypeError: they are no mapping."""
    if not isinstance(cast("object", options), Mapping):
        msg = (
            f"The options of DBOSClient.enqueue are {options!r}; give a mapping such as "
            "{'workflow_name': 'checkout', 'queue_name': 'orders'}, and the arguments of the workflow after it."
        )
        raise TypeError(msg)
    given = cast("dict[str, Any]", options)
    problems = [f"unknown option {key!r}" for key in given if key not in EnqueueOptions.__annotations__]
    problems += [f"{key!r} is missing" for key in ("workflow_name", "queue_name") if given.get(key) is None]
    for key, value in given.items():
        if value is None:
            continue
        try:
            if key == "workflow_id":
                run = context.current().run
                check_new_id(value, None if run is None else run.workflow_id)
            elif key in _NAMES:
                check_name(value, key)
            elif key == "priority":
                check_count(value, key, least=MIN_PRIORITY, most=MAX_PRIORITY)
            elif key in ("workflow_timeout", "delay_seconds"):
                check_duration(value, key, may_be_zero=key == "delay_seconds")
        except (TypeError, ValueError) as error:
            problems.append(str(error).rstrip("."))
    if problems:
        msg = f"The options of DBOSClient.enqueue: {'; '.join(problems)}. Nothing was enqueued."
        raise ValueError(msg)


_NAMES = frozenset(
    {
        "workflow_name",
        "queue_name",
        "app_version",
        "deduplication_id",
        "queue_partition_key",
        "class_name",
        "config_name",
    }
)
