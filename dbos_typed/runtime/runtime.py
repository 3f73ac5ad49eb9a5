"""The composition root: everything that runs, put together."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import TypeVar

from dbos_typed.clock import Clock, SystemClock
from dbos_typed.codec import Codec
from dbos_typed.config import Settings
from dbos_typed.core import context
from dbos_typed.core.context import OUTSIDE, Frame
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import ActiveRuns, Engine, takes_anything
from dbos_typed.core.ops import management
from dbos_typed.core.ops.queues import Dequeued, dequeue
from dbos_typed.core.ops.recovery import recover
from dbos_typed.core.ops.retention import BATCH as RETENTION_BATCH
from dbos_typed.core.ops.retention import remove_ended
from dbos_typed.core.ops.schedules import fire
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.core.version import compute_version
from dbos_typed.runtime.drivers import Drivers
from dbos_typed.runtime.executor import Executor
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.listener import RemoteListener
from dbos_typed.runtime.pool import WorkerPool
from dbos_typed.runtime.remote import listener_of
from dbos_typed.runtime.services.heartbeat import HeartbeatService, choose_executor_id, left_behind
from dbos_typed.runtime.services.ownership import OwnershipWatch
from dbos_typed.runtime.services.queue_worker import QueueWorker
from dbos_typed.runtime.services.retention import RetentionService
from dbos_typed.runtime.services.scheduler import Scheduler
from dbos_typed.runtime.services.timers import DeadlineTimers
from dbos_typed.storage.application import ApplicationDatabase, open_application_database
from dbos_typed.storage.database import Database, open_database
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
        self.database: Database = open_database(
            settings.system_database_url,
            schema=settings.schema,
            pool_size=settings.sys_db_pool_size,
            publish=self._hub.publish,
            logger=logger,
            engine_options=settings.engine_options,
            may_create=True,
        )
        self.application = self._open_application()
        host = socket.gethostname()
        self._processes = self.database.reader.executor_processes(host)
        executor_id = choose_executor_id(
            settings.executor_id or host,
            is_explicit=settings.executor_id is not None,
            host=host,
            processes=self._processes,
        )
        self._clock = clock or SystemClock()
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
            executor_id=executor_id,
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
            pool=self._pool,
            spawn=self._spawn,
        )
        self.executor = Executor(
            engine=self.engine,
            pool=self._pool,
            run=self.drivers.run,
            run_async=self.drivers.run_async,
            logger=logger,
        )
        self._listener: RemoteListener = listener_of(self.database, self._hub, logger)
        self._queues = QueueWorker(
            registry=registry,
            listener=self._hub,
            dequeue=self._dequeue,
            logger=logger,
        )
        self._scheduler = Scheduler(
            registry=registry,
            listener=self._hub,
            clock=self._clock,
            fire=lambda schedule, scheduled, actual: self.run(fire(self.engine, schedule, scheduled, actual)),
            logger=logger,
        )
        self._heartbeat = HeartbeatService(
            executor_id=executor_id,
            app_version=self.engine.app_version,
            host=host,
            timeout_seconds=settings.executor_timeout_seconds,
            beat=self.database.journal.write,
            leave=self.database.journal.write,
            recover=self._take_over,
            recover_again=self._recover_again,
            logger=logger,
        )
        self._ownership = OwnershipWatch(
            runs=runs,
            owned=lambda: self.database.reader.owned(executor_id),
            workflow=self.database.reader.workflow,
            listener=self._hub,
            logger=logger,
        )
        self._retention = self._open_retention()
        self._is_closed = False
        self._is_deactivated = False
        self._unrecovered: dict[str, str] = {}
        self._unrecovered_of: set[str] = set()

    def start(self) -> None:
        """Hear other processes, recover what this executor left behind, and work on queues."""
        self._listener.start()
        self._ownership.start()
        self._heartbeat.start()
        self.recover(left_behind(self.engine.executor_id, self._processes))
        self._queues.start()
        self._scheduler.start()
        if self._retention is not None:
            self._retention.start()

    def recover(self, executor_ids: Sequence[str]) -> list[Run]:
        """Take over the PENDING workflows of these executors and of this version; their runs.

        What cannot be taken over now, because its function is registered later for instance, is tried again.
        """
        recovered = self.run(recover(self.engine, executor_ids, self._unrecovered))
        self._unrecovered = {**self._unrecovered, **recovered.failures}
        if recovered.failures:
            self._unrecovered_of.update(executor_ids)
        return list(recovered.runs)

    def frame(self) -> Frame:
        """The caller's position."""
        return context.current()

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        return self.drivers.run(operation)

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task."""
        return await self.drivers.run_async(operation)

    def deactivate(self) -> None:
        """Take nothing more from queues, schedules and dead executors; what runs goes on. Idempotent."""
        self._is_deactivated = True
        self._scheduler.stop()
        self._queues.stop()

    def close(self, timeout_seconds: float) -> None:
        """Stop everything.

        Running workflows have `timeout_seconds` to end and are recovered later otherwise. Idempotent.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self.database.journal.hurry(max(timeout_seconds, LOST_DATABASE_SECONDS))
        self._heartbeat.stop()
        self._scheduler.stop()
        self._queues.stop()
        self._ownership.stop()
        if self._retention is not None:
            self._retention.stop()
        self._timers.stop()
        self.executor.close(timeout_seconds)
        self._heartbeat.leave()
        self.drivers.close()
        self._listener.stop()
        self.database.close()
        if self.application is not None:
            self.application.close()
        # Whoever still waits wakes up and is told that the runtime is gone.
        self._hub.publish_all(is_end=True)

    def _take_over(self, executor_ids: Sequence[str]) -> None:
        if not self._is_deactivated:
            self.recover(executor_ids)

    def _dequeue(self) -> Dequeued:
        dequeued = self.run(dequeue(self.engine))
        if dequeued.failures:
            # They are this executor's now, and are recovered when what they lack is there.
            self._unrecovered = {**self._unrecovered, **dequeued.failures}
            self._unrecovered_of.add(self.engine.executor_id)
        return dequeued

    def _recover_again(self) -> None:
        if self._unrecovered and not self._is_deactivated:
            recovered = self.run(recover(self.engine, sorted(self._unrecovered_of), self._unrecovered))
            self._unrecovered = dict(recovered.failures)

    def _cancel(self, workflow_id: str) -> None:
        self.run(management.cancel(self.engine, OUTSIDE, [workflow_id]))

    def _spawn(self, run: Run, loop: asyncio.AbstractEventLoop | None) -> None:
        self.executor.spawn(run, loop)

    def _open_retention(self) -> RetentionService | None:
        kept = self.settings.retention_seconds
        if kept is None:
            return None
        return RetentionService(
            kept_seconds=kept,
            remove=lambda kept_ms: self.run(remove_ended(self.engine, kept_ms)),
            batch_size=RETENTION_BATCH,
            logger=self.logger,
        )

    def _open_application(self) -> ApplicationDatabase | None:
        """The application's database; None when the system database is the application's too."""
        settings = self.settings
        if settings.has_one_database:
            return None
        try:
            return open_application_database(
                settings.database_url,
                schema=settings.schema,
                pool_size=settings.app_db_pool_size,
                engine_options=settings.engine_options,
                journal=self.database.journal,
                logger=self.logger,
            )
        except BaseException:
            self.database.close()
            raise
