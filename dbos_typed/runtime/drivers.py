"""The two interpreters of effects: one blocks, the other awaits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from dbos_typed.core.effects import Call, Commit, CommitAll, Effect, Operation, Query, Spawn, Transact, WaitFor
from dbos_typed.core.ports import Journal, Reader, Transactor
from dbos_typed.core.run import Run
from dbos_typed.errors import DBOSInitializationError
from dbos_typed.runtime.pool import WorkerPool

T = TypeVar("T")


class Drivers:
    """Runs operations against a database, threads and event loops."""

    def __init__(
        self,
        *,
        journal: Journal,
        reader: Reader,
        transactor: Transactor,
        pool: WorkerPool,
        spawn: Callable[[Run, asyncio.AbstractEventLoop | None], None],
    ) -> None:
        self._journal = journal
        self._reader = reader
        self._transactor = transactor
        self._pool = pool
        self._spawn = spawn
        self._is_closed = False

    def close(self) -> None:
        """Refuse every further effect, so that whoever still waits ends with DBOSInitializationError."""
        self._is_closed = True

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        resume: Callable[[Any], Effect[Any]] = operation.send
        argument: Any = None
        while True:
            try:
                effect = resume(argument)
            except StopIteration as stop:
                result: T = stop.value
                return result
            try:
                argument = self.perform(effect)
                resume = operation.send
            except BaseException as error:  # noqa: BLE001  # the operation decides what it means
                argument = error
                resume = operation.throw

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task; waiting holds no thread."""
        resume: Callable[[Any], Effect[Any]] = operation.send
        argument: Any = None
        while True:
            try:
                effect = resume(argument)
            except StopIteration as stop:
                result: T = stop.value
                return result
            try:
                argument = await self.perform_async(effect)
                resume = operation.send
            except BaseException as error:  # noqa: BLE001  # the operation decides what it means
                argument = error
                resume = operation.throw

    def perform(self, effect: Effect[Any]) -> Any:  # noqa: ANN401  # the effect's own result type
        """The result of one effect, by blocking."""
        self._check_open()
        match effect:
            case Commit(write=write):
                return self._journal.write(write)
            case Call(function=function, args=args, kwargs=kwargs):
                return function(*args, **kwargs)
            case CommitAll():
                commit: CommitAll[Any] = effect
                return self._journal.write_all(commit.writes)
            case Query(read=read):
                return read(self._reader)
            case Transact(body=body, options=options):
                return self._transactor.transact(
                    body, isolation_level=options.isolation_level, read_only=options.read_only
                )
            case WaitFor(subscription=subscription, seconds=seconds):
                with self._pool.blocked():
                    subscription.wait(seconds)
                return None
            case Spawn(run=run):
                return self._spawn(run, None)
            case _:
                msg = f"no driver knows the effect {effect!r}"
                raise TypeError(msg)

    async def perform_async(self, effect: Effect[Any]) -> Any:  # noqa: ANN401  # the effect's own result type
        """The result of one effect, by awaiting."""
        self._check_open()
        match effect:
            case Commit(write=write):
                return await self._journal.write_async(write)
            case Call(function=function, args=args, kwargs=kwargs):
                result = function(*args, **kwargs)
                return await result if inspect.isawaitable(result) else result
            case WaitFor(subscription=subscription, seconds=seconds):
                return await subscription.wait_async(seconds)
            case Spawn(run=run):
                # The caller's loop, whose clients and locks the workflow may use.
                return self._spawn(run, asyncio.get_running_loop())
            case Query() | Transact() | CommitAll():
                blocking: Effect[Any] = effect
                return await asyncio.to_thread(self.perform, blocking)
            case _:
                return self.perform(effect)

    def _check_open(self) -> None:
        if self._is_closed:
            msg = (
                "The runtime was destroyed while this was under way. Launch it again with DBOS(config=…) and "
                "DBOS.launch()."
            )
            raise DBOSInitializationError(msg)
