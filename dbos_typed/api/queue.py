"""Queues."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ParamSpec, TypedDict, TypeVar, cast, overload

from dbos_typed.api.functions import Workflow
from dbos_typed.api.handles import WorkflowHandle, WorkflowHandleAsync
from dbos_typed.api.invoke import refuse_blocking, resolved
from dbos_typed.api.registration import registry
from dbos_typed.core import context
from dbos_typed.core.names import check_name
from dbos_typed.core.ops import workflows
from dbos_typed.core.ops.workflows import Enqueued
from dbos_typed.core.quantities import LARGEST_COUNT, check_count, check_duration
from dbos_typed.core.registry import QueueDefinition
from dbos_typed.error import DBOSInitializationError
from dbos_typed.runtime import current

P = ParamSpec("P")
R = TypeVar("R")


class QueueRateLimit(TypedDict):
    """At most `limit` workflows are started in any `period` seconds, by the database's clock; both are positive."""

    limit: int
    period: float


class Queue:
    """Workflows that wait for their turn: first in, first out, within the limits below.

    `concurrency` and `limiter` hold over all executors together, `worker_concurrency` on each. With `partition_queue`
    they hold for each partition key separately. Every executor that registers the queue works on it.
    """

    def __init__(
        self,
        name: str,
        concurrency: int | None = None,
        limiter: QueueRateLimit | None = None,
        *,
        worker_concurrency: int | None = None,
        priority_enabled: bool = False,
        partition_queue: bool = False,
        polling_interval_sec: float = 1.0,
    ) -> None:
        """Register the queue.

        ValueError or TypeError: a limit makes no sense. DBOSConflictingRegistrationError: another queue has the name.
        """
        self.name = check_name(name, "the name of a queue")
        _check_limits(name, concurrency, worker_concurrency, limiter, polling_interval_sec)
        self.concurrency = concurrency
        self.worker_concurrency = worker_concurrency
        self.limiter = limiter
        self.priority_enabled = priority_enabled
        self.partition_queue = partition_queue
        registry.add_queue(
            QueueDefinition(
                name=name,
                concurrency=concurrency,
                worker_concurrency=worker_concurrency,
                rate_limit=None if limiter is None else limiter["limit"],
                rate_period_seconds=None if limiter is None else limiter["period"],
                has_priorities=priority_enabled,
                is_partitioned=partition_queue,
                polling_interval_seconds=polling_interval_sec,
            )
        )

    @overload
    def enqueue(
        self, func: Workflow[P, Coroutine[Any, Any, R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> WorkflowHandle[R]: ...
    @overload
    def enqueue(self, func: Workflow[P, R], /, *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[R]: ...
    def enqueue(self, func: Workflow[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[Any]:
        """Put a workflow on the queue; when this returns it is durable and will have its turn.

        Raises as DBOS.start_workflow does, and DBOSQueueDeduplicatedError when SetEnqueueOptions gave a deduplication
        id that a waiting or running workflow of the queue has.
        """
        frame = context.current()
        refuse_blocking(frame, f"Queue({self.name!r}).enqueue", f"Queue({self.name!r}).enqueue_async")
        backend = current.get()
        target, arguments = resolved(func, args, f"Queue({self.name!r}).enqueue")
        operation = workflows.start_workflow(
            backend.engine, frame, target, arguments, kwargs, self._enqueued(frame.enqueue)
        )
        started = backend.run(operation)
        return WorkflowHandle(backend, started.workflow_id, target.definition.result_plan, started.run)

    def enqueue_async(
        self, func: Workflow[P, Coroutine[Any, Any, R]], /, *args: P.args, **kwargs: P.kwargs
    ) -> Coroutine[Any, Any, WorkflowHandleAsync[R]]:
        """Coroutine version of enqueue."""
        frame = context.current()
        backend = current.get()
        target, arguments = resolved(func, args, f"Queue({self.name!r}).enqueue_async")
        operation = workflows.start_workflow(
            backend.engine, frame, target, arguments, kwargs, self._enqueued(frame.enqueue)
        )

        async def enqueue() -> WorkflowHandleAsync[R]:
            started = await backend.run_async(operation)
            return WorkflowHandleAsync(backend, started.workflow_id, target.definition.result_plan, started.run)

        return enqueue()

    def __repr__(self) -> str:
        return f"<Queue {self.name!r}>"

    def _enqueued(self, options: context.EnqueueOptions | None) -> Enqueued:
        if registry.queues().get(self.name) is None:
            msg = f"Queue {self.name!r} is not registered any more: the registry was cleared. Create the queue again."
            raise DBOSInitializationError(msg)
        if options is None:
            options = context.EnqueueOptions()
        if options.priority is not None and not self.priority_enabled:
            msg = f"A priority was given for queue {self.name!r}; create it with priority_enabled=True."
            raise ValueError(msg)
        if (options.partition_key is not None) != self.partition_queue:
            missing = "needs a queue_partition_key" if self.partition_queue else "is not a partition_queue"
            msg = f"Queue {self.name!r} {missing}; see SetEnqueueOptions(queue_partition_key=…)."
            raise ValueError(msg)
        return Enqueued(
            queue_name=self.name,
            deduplication_id=options.deduplication_id,
            priority=options.priority or 0,
            partition_key=options.partition_key,
            app_version=options.app_version,
            delay_seconds=options.delay_seconds,
        )


def _check_limits(
    name: str,
    concurrency: int | None,
    worker_concurrency: int | None,
    limiter: QueueRateLimit | None,
    polling_interval_sec: float,
) -> None:
    """ValueError or TypeError: lists everything that is wrong."""
    checks: list[Callable[[], object]] = []
    if concurrency is not None:
        checks.append(lambda: check_count(concurrency, "concurrency", least=1))
    if worker_concurrency is not None:
        checks.append(lambda: check_count(worker_concurrency, "worker_concurrency", least=1))
    if limiter is not None:
        checks.append(lambda: _check_limiter(limiter))
    checks.append(lambda: check_duration(polling_interval_sec, "polling_interval_sec"))
    problems: list[str] = []
    kind: type[Exception] = ValueError
    for check in checks:
        try:
            check()
        except (ValueError, TypeError) as error:
            problems.append(str(error).rstrip("."))
            kind = TypeError if isinstance(error, TypeError) else kind
    if not problems and (worker_concurrency or 0) > (concurrency or LARGEST_COUNT):
        problems.append(f"worker_concurrency ({worker_concurrency}) exceeds concurrency ({concurrency})")
    if problems:
        msg = f"Queue {name!r}: {'; '.join(problems)}."
        raise kind(msg)


def _check_limiter(limiter: object) -> None:
    if not isinstance(limiter, Mapping) or set(cast("Mapping[object, object]", limiter)) != {"limit", "period"}:
        msg = f"limiter is {limiter!r}; give {{'limit': 10, 'period': 60}}, of which the period is in seconds."
        raise TypeError(msg)
    given = cast("Mapping[str, object]", limiter)
    check_count(given["limit"], "the limit of the limiter", least=1)
    check_duration(given["period"], "the period of the limiter")
