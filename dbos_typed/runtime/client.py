"""A runtime that runs nothing: it writes to the system database, reads it and hears its signals."""

from __future__ import annotations

import logging
from typing import TypeVar

from dbos_typed.clock import SystemClock
from dbos_typed.codec import Codec
from dbos_typed.core import context
from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.core.context import OUTSIDE, Frame
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine, Identity, takes_anything
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.runtime import current, forking
from dbos_typed.runtime.drivers import Drivers, Gates
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.pool import WorkerPool
from dbos_typed.runtime.remote import listener_of
from dbos_typed.storage.database import Access, Database, open_database
from dbos_typed.telemetry import NO_TRACER, Tracer

T = TypeVar("T")

POOL_SIZE = 5
PATIENCE_SECONDS = 60.0


class NoTimers:
    """Deadlines are kept by executors."""

    def cancel_at(self, workflow_id: str, deadline: int) -> None:
        del workflow_id, deadline

    def forget(self, workflow_id: str) -> None:
        del workflow_id


class ClientRuntime:
    """An open system database, seen from outside the application."""

    def __init__(
        self,
        url: str,
        *,
        schema: str,
        registry: Registry,
        codec: Codec,
        logger: logging.Logger,
        patience_seconds: float = PATIENCE_SECONDS,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        """Open the database; its tables are created when they are missing, the database itself is not.

        DBOSInitializationError: the URL is wrong, the database cannot be reached, or its schema is newer than this
        code.
        """
        runs = ActiveRuns()
        self._hub = Hub(runs.cancel)
        access = Access(schema=schema, pool_size=POOL_SIZE, patience_seconds=patience_seconds)
        self.database: Database = open_database(url, access, publish=self._hub.publish, logger=logger)
        self.database.availability.on_return = self._hub.publish_all
        self.engine = Engine(
            clock=SystemClock(),
            listener=self._hub,
            registry=registry,
            codec=codec,
            dynamic=codec.plan(object, where="a value of unknown type"),
            any_call=codec.call_plan(takes_anything, where="the inputs of a function that is not registered here"),
            runs=runs,
            timers=NoTimers(),
            logger=logger,
            is_executor=False,
            identity=Identity("client"),
            app_version="",
            tracer=tracer,
        )
        self._drivers = Drivers(
            journal=self.database.journal,
            reader=self.database.reader,
            transactor=self.database.transactor,
            gates=Gates(reads=self.database.availability.reads, transactions=self.database.availability.transactions),
            pool=WorkerPool(1, logger),
            spawn=_refuse_to_run,
            execute=_refuse_to_execute,
            patience_seconds=patience_seconds,
            logger=logger,
        )
        self._listener = listener_of(self.database, self._hub, logger)
        self._listener.start()
        self._is_closed = False
        forking.watch(self)

    def frame(self) -> Frame:
        """The caller's position; within a workflow, outside it, because its calls here are no part of it."""
        frame = context.current()
        return frame if frame.run is None else OUTSIDE

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        return self._drivers.run(operation)

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task."""
        return await self._drivers.run_async(operation)

    def abandon(self) -> None:
        """Refuse every call, in a process that was forked."""
        self._is_closed = True
        self._drivers.abandon(current.refusal("This DBOSClient was opened", "Open another DBOSClient in this process."))

    def close(self) -> None:
        """Close every connection; whoever still waits is told. Idempotent."""
        if self._is_closed:
            return
        self._is_closed = True
        forking.unwatch(self)
        self._drivers.close()
        self._listener.stop()
        self.database.close()
        self._hub.publish_all(is_end=True)


def _refuse_to_run(run: Run, loop: object) -> None:
    del loop
    msg = f"a client was to run workflow {run.workflow_id!r}"
    raise RuntimeError(msg)


async def _refuse_to_execute(run: Run, loop: object) -> None:
    _refuse_to_run(run, loop)
