"""The two interpreters of effects: one blocks, the other awaits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from dbos_typed.core.effects import Call, Commit, CommitAll, Effect, Operation, Query, Spawn, Transact, WaitFor
from dbos_typed.core.ports import Journal, Reader, Transactor
from dbos_typed.core.run import Run
from dbos_typed.error import DBOSInitializationError
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
        self._blocking: dict[type, Callable[[Any], Any]] = {
            Commit: self._commit,
            CommitAll: self._commit_all,
            Query: self._query,
            Call: self._call,
            Transact: self._transact,
            WaitFor: self._wait,
            Spawn: self._spawn_anywhere,
        }
        self._awaiting: dict[type, Callable[[Any], Coroutine[Any, Any, Any]]] = {
            Commit: self._commit_async,
            Call: self._call_async,
            WaitFor: self._wait_async,
            Spawn: self._spawn_here,
        }

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
        return self._blocking[type(effect)](effect)

    async def perform_async(self, effect: Effect[Any]) -> Any:  # noqa: ANN401  # the effect's own result type
        """The result of one effect, by awaiting. What has no awaiting form blocks a thread of its own for a moment."""
        self._check_open()
        awaiting = self._awaiting.get(type(effect))
        if awaiting is None:
            return await asyncio.to_thread(self._blocking[type(effect)], effect)
        return await awaiting(effect)

    def _commit(self, effect: Commit[Any]) -> Any:  # noqa: ANN401  # the write's answer
        return self._journal.write(effect.write)

    async def _commit_async(self, effect: Commit[Any]) -> Any:  # noqa: ANN401  # the write's answer
        return await self._journal.write_async(effect.write)

    def _commit_all(self, effect: CommitAll[Any]) -> list[Any]:
        return self._journal.write_all(effect.writes)

    def _query(self, effect: Query[Any]) -> Any:  # noqa: ANN401  # what the query reads
        return effect.read(self._reader)

    def _call(self, effect: Call[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        return effect.function(*effect.args, **effect.kwargs)

    async def _call_async(self, effect: Call[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        result = effect.function(*effect.args, **effect.kwargs)
        return await result if inspect.isawaitable(result) else result

    def _transact(self, effect: Transact[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        options = effect.options
        return self._transactor.transact(
            effect.body, isolation_level=options.isolation_level, read_only=options.read_only
        )

    def _wait(self, effect: WaitFor) -> None:
        with self._pool.blocked():
            effect.subscription.wait(effect.seconds)

    async def _wait_async(self, effect: WaitFor) -> None:
        await effect.subscription.wait_async(effect.seconds)

    def _spawn_anywhere(self, effect: Spawn) -> None:
        self._spawn(effect.run, None)

    async def _spawn_here(self, effect: Spawn) -> None:
        # The caller's loop, whose clients and locks the workflow may use.
        self._spawn(effect.run, asyncio.get_running_loop())

    def _check_open(self) -> None:
        if self._is_closed:
            msg = (
                "The runtime was destroyed while this was under way. Launch it again with DBOS(config=…) and "
                "DBOS.launch()."
            )
            raise DBOSInitializationError(msg)
