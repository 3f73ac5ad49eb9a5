"""The two interpreters of effects: one blocks, the other awaits."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

from dbos_typed.core import context
from dbos_typed.core.effects import (
    Call,
    Carrier,
    Commit,
    CommitAll,
    Effect,
    Execute,
    Operation,
    Query,
    Spawn,
    Transact,
    WaitFor,
    carried,
)
from dbos_typed.core.faults import DatabaseFault
from dbos_typed.core.ports import Journal, JournalClosedError, Reader, Transactor
from dbos_typed.core.run import Run
from dbos_typed.error import DBOSDatabaseUnavailableError, DBOSExecutorStoppedError, DBOSInitializationError
from dbos_typed.runtime.patience import Repetition, is_endless, unavailable
from dbos_typed.runtime.pool import WorkerPool
from dbos_typed.storage.availability import Gate

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """Where those wait whom a database did not answer."""

    reads: Gate
    transactions: Gate


class Drivers:
    """Runs operations against a database, threads and event loops.

    What a database does not answer is repeated until it does: in workflows and in the engine's own services for ever,
    elsewhere for as long as the caller or the configuration says.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        reader: Reader,
        transactor: Transactor,
        gates: Gates,
        pool: WorkerPool,
        spawn: Callable[[Run, asyncio.AbstractEventLoop | None], None],
        execute: Callable[[Run, asyncio.AbstractEventLoop], Awaitable[None]],
        held: Callable[[], AbstractContextManager[None]] = nullcontext,
        patience_seconds: float,
        logger: logging.Logger,
    ) -> None:
        """`held()` is entered around every wait that blocks a thread."""
        self._journal = journal
        self._reader = reader
        self._transactor = transactor
        self._gates = gates
        self._pool = pool
        self._spawn = spawn
        self._execute = execute
        self._held = held
        self._patience_seconds = patience_seconds
        self._logger = logger
        self._is_closed = False
        self._refusal: DBOSInitializationError | None = None
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
            CommitAll: self._commit_all_async,
            Query: self._query_async,
            Call: self._call_async,
            Transact: self._transact_async,
            WaitFor: self._wait_async,
            Execute: self._execute_here,
            Spawn: self._spawn_here,
        }

    def close(self) -> None:
        """Refuse every further effect.

        Workflows end with DBOSExecutorStoppedError, other callers with DBOSInitializationError.
        """
        self._is_closed = True

    def abandon(self, refusal: DBOSInitializationError) -> None:
        """Refuse every further effect with this error, in a process that was forked."""
        self._refusal = refusal
        self._is_closed = True

    def run(self, operation: Operation[T]) -> T:
        """Run an operation on the calling thread."""
        if self._refusal is not None:
            operation.close()
            raise self._refusal
        resume: Callable[[Any], Effect[Any]] = operation.send
        argument: Any = None
        while True:
            try:
                effect = resume(argument)
            except StopIteration as stop:
                result: T = stop.value
                return result
            except Carrier as carrier:
                raise carrier.error from carrier.error.__cause__
            try:
                argument = self.perform(effect)
                resume = operation.send
            except BaseException as error:  # noqa: BLE001  # the operation decides what it means
                argument = carried(error)
                resume = operation.throw

    async def run_async(self, operation: Operation[T]) -> T:
        """Run an operation in the running task; waiting holds no thread."""
        if self._refusal is not None:
            operation.close()
            raise self._refusal
        resume: Callable[[Any], Effect[Any]] = operation.send
        argument: Any = None
        while True:
            try:
                effect = resume(argument)
            except StopIteration as stop:
                result: T = stop.value
                return result
            except Carrier as carrier:
                raise carrier.error from carrier.error.__cause__
            try:
                argument = await self.perform_async(effect)
                resume = operation.send
            except BaseException as error:  # noqa: BLE001  # the operation decides what it means
                argument = carried(error)
                resume = operation.throw

    def perform(self, effect: Effect[Any]) -> Any:  # noqa: ANN401  # the effect's own result type
        """The result of one effect, by blocking."""
        self._check_open()
        return self._blocking[type(effect)](effect)

    async def perform_async(self, effect: Effect[Any]) -> Any:  # noqa: ANN401  # the effect's own result type
        """The result of one effect, by awaiting."""
        self._check_open()
        return await self._awaiting[type(effect)](effect)

    # --- writes

    def _commit(self, effect: Commit[Any]) -> Any:  # noqa: ANN401  # the write's answer
        try:
            return self._journal.write(effect.write, self._patience())
        except (DatabaseFault, JournalClosedError) as error:
            raise self._told(error) from error

    async def _commit_async(self, effect: Commit[Any]) -> Any:  # noqa: ANN401  # the write's answer
        try:
            return await self._journal.write_async(effect.write, self._patience())
        except (DatabaseFault, JournalClosedError) as error:
            raise self._told(error) from error

    def _commit_all(self, effect: CommitAll[Any]) -> list[Any]:
        try:
            return self._journal.write_all(effect.writes, self._patience())
        except (DatabaseFault, JournalClosedError) as error:
            raise self._told(error) from error

    async def _commit_all_async(self, effect: CommitAll[Any]) -> list[Any]:
        return await asyncio.to_thread(self._commit_all, effect)

    def _patience(self) -> float | None:
        return None if is_endless() else self._patience_seconds

    def _told(self, error: DatabaseFault | JournalClosedError) -> BaseException:
        """What the caller is told when the journal gave up."""
        return unavailable(error, self._patience_seconds) if isinstance(error, DatabaseFault) else self._stopped()

    # --- reads and transactions

    def _query(self, effect: Query[Any]) -> Any:  # noqa: ANN401  # what the query reads
        return self._repeated(self._gates.reads, lambda: effect.read(self._reader), effect.until)

    async def _query_async(self, effect: Query[Any]) -> Any:  # noqa: ANN401  # what the query reads
        return await self._repeated_async(self._gates.reads, lambda: effect.read(self._reader), effect.until)

    def _transact(self, effect: Transact[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        return self._repeated(self._gates.transactions, lambda: self._attempt(effect))

    async def _transact_async(self, effect: Transact[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        return await self._repeated_async(self._gates.transactions, lambda: self._attempt(effect))

    def _attempt(self, effect: Transact[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        options = effect.options
        return self._transactor.transact(
            effect.body, isolation_level=options.isolation_level, read_only=options.read_only
        )

    def _repeated(self, gate: Gate, attempt: Callable[[], T], until: float | None = None) -> T:
        try:
            return _attempted(gate, attempt)
        except DatabaseFault as first:
            fault = first
        repetition = self._repetition(gate, until)
        with gate.attended():
            while True:
                with self._pool.blocked():
                    repetition.wait(fault)
                self._check_not_given_up(gate)
                try:
                    return _attempted(gate, attempt)
                except DatabaseFault as another:
                    fault = another

    async def _repeated_async(self, gate: Gate, attempt: Callable[[], T], until: float | None = None) -> T:
        """What has no awaiting form blocks a thread of its own for a moment."""
        try:
            return await asyncio.to_thread(_attempted, gate, attempt)
        except DatabaseFault as first:
            fault = first
        repetition = self._repetition(gate, until)
        with gate.attended():
            while True:
                await repetition.wait_async(fault)
                self._check_not_given_up(gate)
                try:
                    return await asyncio.to_thread(_attempted, gate, attempt)
                except DatabaseFault as another:
                    fault = another

    def _repetition(self, gate: Gate, until: float | None) -> Repetition:
        return Repetition(gate, patience_seconds=self._patience_seconds, until=until, logger=self._logger)

    # --- the rest

    def _call(self, effect: Call[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        return effect.function(*effect.args, **effect.kwargs)

    async def _call_async(self, effect: Call[Any]) -> Any:  # noqa: ANN401  # what the user's function returns
        result = effect.function(*effect.args, **effect.kwargs)
        return await result if inspect.isawaitable(result) else result

    def _wait(self, effect: WaitFor) -> None:
        with self._pool.blocked(), self._held():
            effect.subscription.wait(effect.seconds)

    async def _wait_async(self, effect: WaitFor) -> None:
        await effect.subscription.wait_async(effect.seconds)

    async def _execute_here(self, effect: Execute) -> None:
        await self._execute(effect.run, asyncio.get_running_loop())

    def _spawn_anywhere(self, effect: Spawn) -> None:
        self._spawn(effect.run, None)

    async def _spawn_here(self, effect: Spawn) -> None:
        # The caller's loop, whose clients and locks the workflow may use.
        self._spawn(effect.run, asyncio.get_running_loop())

    def _check_open(self) -> None:
        if self._is_closed:
            raise self._stopped()

    def _check_not_given_up(self, gate: Gate) -> None:
        run = context.current().run
        if self._is_closed or gate.is_closed or (run is not None and run.is_abandoned):
            raise self._stopped()

    def _stopped(self) -> DBOSInitializationError | DBOSExecutorStoppedError:
        if self._refusal is not None:
            return self._refusal
        run = context.current().run
        if run is not None:
            return DBOSExecutorStoppedError(run.workflow_id)
        return DBOSInitializationError(
            "The runtime was destroyed while this was under way. Launch it again with DBOS(config=…) and DBOS.launch()."
        )


def _attempted(gate: Gate, attempt: Callable[[], T]) -> T:
    """Make an attempt, and open the gate if the database answered, be it with an error of the application's own."""
    try:
        result = attempt()
    except DBOSDatabaseUnavailableError:
        raise
    except Exception:
        gate.passed()
        raise
    gate.passed()
    return result
