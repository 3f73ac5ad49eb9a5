"""The composition root: everything that runs, put together."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from dbos_typed.clock import Clock, SystemClock
from dbos_typed.codec import Codec
from dbos_typed.config import Settings
from dbos_typed.core import context
from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.core.context import OUTSIDE, Frame
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine, Identity, takes_anything
from dbos_typed.core.health import DatabaseHealth, Health
from dbos_typed.core.ops import executors, management
from dbos_typed.core.ops.queues import Dequeued, dequeue
from dbos_typed.core.ops.recovery import recover, run_orphans
from dbos_typed.core.ops.retention import BATCH as RETENTION_BATCH
from dbos_typed.core.ops.retention import remove_ended
from dbos_typed.core.ops.schedules import fire
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.core.version import compute_version
from dbos_typed.runtime import current, forking
from dbos_typed.runtime.database_clock import DatabaseClock
from dbos_typed.runtime.drivers import Drivers, Gates
from dbos_typed.runtime.executor import Executor
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.pool import WorkerPool
from dbos_typed.runtime.remote import listener_of
from dbos_typed.runtime.services.backlog import Backlog
from dbos_typed.runtime.services.heartbeat import HeartbeatService, own_name
from dbos_typed.runtime.services.ownership import OwnershipWatch
from dbos_typed.runtime.services.queue_worker import QueueWorker
from dbos_typed.runtime.services.retention import RetentionService
from dbos_typed.runtime.services.scheduler import Scheduler
from dbos_typed.runtime.services.supervision import (
    LONGEST_STOP_SECONDS,
    ServiceBody,
    ServiceThread,
    health_of,
    plain_health,
    stop_all,
)
from dbos_typed.runtime.services.timers import DeadlineTimers
from dbos_typed.storage.application import ApplicationDatabase, open_application_database
from dbos_typed.storage.database import Access, Database, open_database
from dbos_typed.storage.processlock import ProcessLock
from dbos_typed.telemetry import NO_TRACER, Tracer

T = TypeVar("T")

LOST_DATABASE_SECONDS = 1.0
"""How long closing waits for a database that is gone, when workflows have no longer to end."""


class Runtime:
    """A launched engine: an open database, its threads, and the workflows that run."""

    def __init__(
        self,
        settings: Settings,
        *,
        registry: Registry,
        codec: Codec,
        logger: logging.Logger,
        clock: Clock | None = None,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        """Open the database and bring its schema up to date; nothing runs yet."""
        self.settings = settings
        self.logger = logger
        runs = ActiveRuns()
        self._hub = Hub(runs.cancel)
        access = _access(settings, settings.sys_db_pool_size)
        self.database: Database = open_database(
            settings.system_database_url, access, publish=self._hub.publish, logger=logger
        )
        self.database.availability.on_return = self._hub.publish_all
        self.application = self._open_application()
        host = socket.gethostname()
        identity = Identity(settings.executor_id or own_name(host))
        self._clock = DatabaseClock(clock or SystemClock(), lambda: self.run(executors.database_time()))
        self._timers = DeadlineTimers(cancel=self._cancel, clock=self._clock, logger=logger)
        self.engine = Engine(
            clock=self._clock,
            listener=self._hub,
            registry=registry,
            codec=codec,
            dynamic=codec.plan(object, where="a value of unknown type"),
            any_call=codec.call_plan(takes_anything, where="the inputs of a function that is not registered here"),
            runs=runs,
            timers=self._timers,
            logger=logger,
            is_executor=True,
            identity=identity,
            app_version=settings.application_version or compute_version(registry.workflows()),
            on_input_conflict=settings.on_input_conflict,
            strict_replay=settings.strict_replay,
            tracer=tracer,
        )
        self._pool = WorkerPool(settings.max_executor_threads, logger)
        self.drivers = Drivers(
            journal=self.database.journal if self.application is None else self.application.journal,
            reader=self.database.reader,
            transactor=(self.application or self.database).transactor,
            gates=Gates(
                reads=self.database.availability.reads,
                transactions=(self.application or self.database).availability.transactions,
            ),
            pool=self._pool,
            spawn=self._spawn,
            execute=self._execute,
            held=self._held,
            patience_seconds=settings.database_timeout_seconds,
            logger=logger,
        )
        self.executor = Executor(
            engine=self.engine,
            pool=self._pool,
            run=self.drivers.run,
            run_async=self.drivers.run_async,
            logger=logger,
        )
        self._queues = self._thread(QueueWorker(registry=registry, listener=self._hub, dequeue=self._dequeue))
        self._scheduler = self._thread(
            Scheduler(
                registry=registry,
                listener=self._hub,
                clock=self._clock,
                fire=lambda schedule, scheduled, actual: self.run(fire(self.engine, schedule, scheduled, actual)),
                logger=logger,
            )
        )
        self._heartbeat = HeartbeatService(
            identity=identity,
            app_version=self.engine.app_version,
            host=host,
            timeout_seconds=settings.executor_timeout_seconds,
            beat=lambda heartbeat: self.run(executors.beat(heartbeat)),
            leave=lambda farewell: self.run(executors.leave(farewell)),
            recover=self._take_over,
            recover_again=self._recover_again,
            logger=logger,
        )
        self._beating = self._thread(self._heartbeat)
        self._listener = listener_of(self.database, self._hub, logger, settings.listen_url, self._heartbeat.hold)
        self._lock: ProcessLock | None = None
        self._ownership = self._thread(
            OwnershipWatch(
                runs=runs,
                owned=self._owned,
                workflow=lambda workflow_id: self.run(executors.stored_workflow(workflow_id)),
                release_stopped_loops=self.executor.release_stopped_loops,
                begin=self._begin_orphans,
                listener=self._hub,
            )
        )
        self._retention = self._retention_threads()
        self._is_closed = False
        self._is_deactivated = False
        self._backlog = Backlog()
        self._unserved = Backlog()
        self._unrecovered_of: set[str] = set()

    def start(self) -> None:
        """Claim the executor id, hear other processes, recover what dead executors left behind, and work on queues.

        DBOSInitializationError: a living process holds the configured executor id.
        """
        forking.watch(self)
        self._lock = self.database.dialect.hold_lock(self._heartbeat.launch_id)
        if self._lock is not None:
            self._heartbeat.hold(self._heartbeat.launch_id, self._lock.renew)
        # Its session may hold the lock that the claim names.
        self._listener.start()
        self._clock.compare()
        # Before anything runs that others might take for abandoned.
        dead = self._heartbeat.claim()
        self._beating.start()
        self.recover([self.engine.executor_id, *dead])
        # After the recovery, which counts an attempt for what an earlier process left.
        self._ownership.start()
        self._queues.start()
        self._scheduler.start()
        for thread in self._retention:
            thread.start()

    def health(self) -> Health:
        """How this executor is now; the database is not asked."""
        return Health(
            executor_id=self.engine.executor_id,
            app_version=self.engine.app_version,
            running_workflows=len(self.engine.runs.all()),
            services=(*health_of(self._threads()), *map(plain_health, self.database.journal.threads)),
            database=DatabaseHealth(
                last_reached_at=self.database.availability.last_reached_at,
                unavailable_since=self.database.availability.unavailable_since,
                oldest_unanswered_write_seconds=self.database.journal.oldest_unanswered_seconds or 0.0,
            ),
        )

    def recover(self, executor_ids: Sequence[str]) -> list[Run]:
        """Take over the PENDING workflows of these executors and of this version; their runs.

        A run that is not begun stands for a workflow that was put back on its queue. What cannot be taken over now,
        because its function is registered later for instance, is tried again.
        """
        recovered = self.run(recover(self.engine, executor_ids, self._backlog.reasons))
        runs = [*recovered.runs, *recovered.put_back]
        self._note_tried([run.workflow_id for run in runs], recovered.failures)
        if recovered.failures:
            self._unrecovered_of.update(executor_ids)
        return runs

    def frame(self) -> Frame:
        """The caller's position."""
        return context.current()

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        return self.drivers.run(operation)

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task."""
        return await self.drivers.run_async(operation)

    def use_loop(self, loop: asyncio.AbstractEventLoop, *, is_chosen: bool) -> None:
        """Run coroutine workflows that no coroutine starts on this loop while it turns."""
        self.executor.loops.use(loop, is_chosen=is_chosen)

    def deactivate(self) -> None:
        """Take nothing more from queues, schedules and dead executors; what runs goes on. Idempotent."""
        self._is_deactivated = True
        stop_all([self._scheduler, self._queues])

    def abandon(self) -> None:
        """Refuse every call, in a process that was forked."""
        self._is_closed = True
        self.drivers.abandon(current.refusal("DBOS was launched", current.REMEDY_IN_CHILD))
        if self._lock is not None:
            self._lock.forget()

    def close(self, timeout_seconds: float) -> None:
        """Stop everything.

        Running workflows have `timeout_seconds` to end and are recovered later otherwise. Idempotent.
        """
        if self._is_closed:
            return
        self._is_closed = True
        forking.unwatch(self)
        for thread in self._threads():
            thread.expect_end()
        patience_seconds = max(timeout_seconds, LOST_DATABASE_SECONDS)
        self.database.journal.hurry(patience_seconds)
        self.database.availability.hurry(patience_seconds)
        if self.application is not None:
            self.application.availability.hurry(patience_seconds)
        stop_seconds = min(patience_seconds, LONGEST_STOP_SECONDS) + 1.0
        stop_all([self._queues, self._scheduler, *self._retention], stop_seconds)
        # What runs until it has ended must go on beating, and be cancelled at its deadline.
        self.executor.close(timeout_seconds)
        stop_all([self._ownership, self._beating, self._timers.thread], stop_seconds)
        self._heartbeat.leave()
        self.drivers.close()
        self._listener.stop()
        if self._lock is not None:
            self._lock.release()
        self.database.close()
        if self.application is not None:
            self.application.close()
        # Whoever still waits wakes up and is told that the runtime is gone.
        self._hub.publish_all(is_end=True)

    def _thread(self, body: ServiceBody) -> ServiceThread:
        return ServiceThread(body, self.logger)

    def _threads(self) -> list[ServiceThread]:
        return [
            self._listener,
            self._ownership,
            self._beating,
            self._queues,
            self._scheduler,
            self._timers.thread,
            *self._retention,
        ]

    def _owned(self) -> Mapping[str, int]:
        self._clock.compare()
        return self.run(executors.owned_runs(self.engine.executor_id, self.engine.app_version))

    def _take_over(self, executor_ids: Sequence[str]) -> None:
        if not self._is_deactivated:
            self.recover(executor_ids)

    def _dequeue(self, is_idle: bool) -> Dequeued:  # noqa: FBT001  # the one argument of a callback
        dequeued = self.run(
            dequeue(self.engine, self._unserved.waiting(), told=self._unserved.reasons, is_idle=is_idle)
        )
        self._unserved.tried((), dequeued.failures)
        return dequeued

    def _begin_orphans(self, workflow_ids: Sequence[str]) -> None:
        due = self._backlog.due(workflow_ids)
        if due and not self._is_closed:
            # A process that stood still for a while may have lost its executor id, and with it these workflows.
            self._heartbeat.beat()
            recovered = self.run(run_orphans(self.engine, due, self._backlog.reasons))
            self._note_tried(due, recovered.failures)

    def _note_tried(self, workflow_ids: Sequence[str], failures: Mapping[str, str]) -> None:
        self._backlog.tried(workflow_ids, failures)
        # Those that were put back on a queue need not be told once more from there.
        self._unserved.tried((), failures)

    def _recover_again(self) -> None:
        """Try once more what dead executors left and could not be run here."""
        if self._backlog.reasons and not self._is_deactivated:
            self.recover(sorted(self._unrecovered_of))

    def _cancel(self, workflow_ids: Sequence[str]) -> None:
        self.run(management.cancel(self.engine, OUTSIDE, workflow_ids))

    def _spawn(self, run: Run, loop: asyncio.AbstractEventLoop | None) -> None:
        self.executor.spawn(run, loop)

    def _held(self) -> AbstractContextManager[None]:
        return self.executor.loops.held()

    async def _execute(self, run: Run, loop: asyncio.AbstractEventLoop) -> None:
        await self.executor.execute(run, loop)

    def _retention_threads(self) -> list[ServiceThread]:
        """One thread where a retention time is configured, else none."""
        kept = self.settings.retention_seconds
        if kept is None:
            return []
        service = RetentionService(
            kept_seconds=kept,
            remove=lambda kept_ms: self.run(remove_ended(self.engine, kept_ms)),
            batch_size=RETENTION_BATCH,
            logger=self.logger,
        )
        return [self._thread(service)]

    def _open_application(self) -> ApplicationDatabase | None:
        """The application's database; None when the system database is the application's too."""
        settings = self.settings
        if settings.has_one_database:
            return None
        try:
            access = _access(settings, settings.app_db_pool_size)
            return open_application_database(
                settings.database_url, access, journal=self.database.journal, logger=self.logger
            )
        except BaseException:
            self.database.close()
            raise


def _access(settings: Settings, pool_size: int) -> Access:
    return Access(
        schema=settings.schema,
        pool_size=pool_size,
        engine_options=settings.engine_options,
        may_create=True,
        patience_seconds=settings.database_timeout_seconds,
        silence_seconds=settings.database_silence_seconds,
        pooler=settings.pooler,
    )
