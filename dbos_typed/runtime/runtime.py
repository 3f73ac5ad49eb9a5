"""The composition root: everything that runs, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TypeVar

from dbos_typed.clock import Clock, SystemClock
from dbos_typed.codec import Codec
from dbos_typed.config import Settings
from dbos_typed.core.context import OUTSIDE
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import ActiveRuns, Engine
from dbos_typed.core.ops import management
from dbos_typed.core.ops.queues import dequeue
from dbos_typed.core.ops.recovery import recover
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.core.version import compute_version
from dbos_typed.runtime.drivers import Drivers
from dbos_typed.runtime.executor import Executor
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.listener import ChangeWatcher, PostgresListener, RemoteListener
from dbos_typed.runtime.pool import WorkerPool
from dbos_typed.runtime.services.queue_worker import QueueWorker
from dbos_typed.runtime.services.timers import DeadlineTimers
from dbos_typed.storage.database import Database, open_database
from dbos_typed.storage.sqlite import SqliteWriter

T = TypeVar("T")


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
    ) -> None:
        """Open the database and bring its schema up to date; nothing runs yet."""
        self.settings = settings
        self.logger = logger
        runs = ActiveRuns()
        self._hub = Hub(runs.cancel)
        self.database: Database = open_database(
            settings.database_url,
            schema=settings.schema,
            pool_size=settings.db_pool_size,
            publish=self._hub.publish,
            logger=logger,
        )
        self._clock = clock or SystemClock()
        self._timers = DeadlineTimers(cancel=self._cancel, clock=self._clock, logger=logger)
        self.engine = Engine(
            clock=self._clock,
            listener=self._hub,
            registry=registry,
            codec=codec,
            dynamic=codec.plan(object, where="a value of unknown type"),
            any_call=codec.call_plan(_any_call, where="the inputs of a function that is not registered here"),
            runs=runs,
            timers=self._timers,
            logger=logger,
            is_executor=True,
            executor_id=settings.executor_id,
            app_version=settings.application_version or compute_version(registry.workflows()),
            on_input_conflict=settings.on_input_conflict,
            strict_replay=settings.strict_replay,
        )
        self._pool = WorkerPool(settings.max_executor_threads, logger)
        self.drivers = Drivers(
            journal=self.database.journal,
            reader=self.database.reader,
            transactor=self.database.transactor,
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
        self._listener: RemoteListener = self._make_listener()
        self._queues = QueueWorker(
            registry=registry,
            listener=self._hub,
            dequeue=lambda: self.run(dequeue(self.engine)),
            logger=logger,
        )
        self._is_closed = False

    def start(self) -> None:
        """Hear other processes and recover what this executor left behind."""
        self._listener.start()
        self.recover([self.engine.executor_id])
        self._queues.start()

    def recover(self, executor_ids: Sequence[str]) -> list[Run]:
        """Take over the PENDING workflows of these executors and of this version; their runs."""
        return self.run(recover(self.engine, executor_ids))

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        return self.drivers.run(operation)

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task."""
        return await self.drivers.run_async(operation)

    def close(self, timeout_seconds: float) -> None:
        """Stop everything.

        Running workflows have `timeout_seconds` to end and are recovered later otherwise. Idempotent.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._queues.stop()
        self._timers.stop()
        self.executor.close(timeout_seconds)
        self.drivers.close()
        self._listener.stop()
        self.database.close()
        # Whoever still waits wakes up and is told that the runtime is gone.
        self._hub.publish_all()

    def _cancel(self, workflow_id: str) -> None:
        self.run(management.cancel(self.engine, OUTSIDE, [workflow_id]))

    def _spawn(self, run: Run, loop: asyncio.AbstractEventLoop | None) -> None:
        self.executor.spawn(run, loop)

    def _make_listener(self) -> RemoteListener:
        database = self.database
        if database.dialect.has_notify:
            return PostgresListener(
                conninfo=database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
                channel=database.dialect.channel,
                hub=self._hub,
                logger=self.logger,
            )
        return ChangeWatcher(
            data_version=lambda: database.journal.with_connection(
                lambda connection: connection.data_version() if isinstance(connection, SqliteWriter) else 0
            ),
            hub=self._hub,
        )


def _any_call(*_args: object, **_kwargs: object) -> None:
    """Has the signature that takes anything."""
