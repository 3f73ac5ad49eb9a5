"""User transactions whose record commits with them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, TypeAlias, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, RootTransaction, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidRequestError, SQLAlchemyError, StatementError
from sqlalchemy.orm import Session

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.core.ports import Refused, StepOwner, TransactionBody, Unconfirmed
from dbos_typed.core.writes import Fenced, RecordedStep
from dbos_typed.error import DBOSContextError, DBOSDatabaseUnavailableError
from dbos_typed.storage.commit_guard import CommitGuard, GuardedConnection
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.faults import cause_of, fault_of
from dbos_typed.storage.rows import STEP_COLUMNS, WORKFLOW_COLUMNS, as_json, step_record, step_row, workflow_record
from dbos_typed.storage.statements import Statements

T = TypeVar("T")
Confirm: TypeAlias = Callable[[object], None]
"""GuardedConnection.confirm"""


class TransactionSession(Session):
    """The session of a running transaction. The engine commits it with the step's record, so the user must not."""

    def __init__(self, connection: Connection, guard: CommitGuard) -> None:
        super().__init__(bind=connection, join_transaction_mode="control_fully")
        self._guard = guard

    def commit(self) -> NoReturn:
        self._guard.refuse("DBOS.sql_session.commit()")

    def rollback(self) -> NoReturn:
        self._guard.refuse("DBOS.sql_session.rollback()")

    def close(self) -> NoReturn:
        self._guard.refuse("DBOS.sql_session.close()")

    def reset(self) -> NoReturn:
        self._guard.refuse("DBOS.sql_session.reset()")

    def invalidate(self) -> NoReturn:
        self._guard.refuse("DBOS.sql_session.invalidate()")

    def end(self) -> None:
        """Let go of everything, for the engine."""
        super().close()


class TransactionRecords(Protocol):
    """Where the records of transactions are stored, in the database on which they run."""

    def find(self, owner: StepOwner) -> Unconfirmed | None:
        """What an earlier run of the workflow stored, when the system database may not have it yet."""
        ...

    def store(self, connection: Connection, recorded: RecordedStep, confirm: Confirm) -> Refused | Unconfirmed | None:
        """Store the record in the user's transaction. An answer: it must be rolled back, because this counts.

        `confirm` is given the transaction's mark by the statement that stores, and raises DBOSContextError.
        """
        ...

    def committed(self, recorded: RecordedStep, value: T) -> T | Unconfirmed:
        """The result of a transaction that is committed with its record."""
        ...


class SystemRecords:
    """Records in the system database, on which the transactions run too."""

    def __init__(self, dialect: Dialect) -> None:
        self._statements = Statements(dialect)

    def find(self, owner: StepOwner) -> None:
        """Nothing: the run has read all records of its workflow."""

    def store(self, connection: Connection, recorded: RecordedStep, confirm: Confirm) -> Refused | None:
        rows = as_json([step_row(recorded)])
        stored = connection.exec_driver_sql(self._statements.step_of_transaction, {"rows": rows}).one_or_none()
        if stored is not None:
            confirm(stored[-1])
            return None
        key = as_json([{"workflow_id": recorded.step.workflow_id, "number": recorded.step.number}])
        step = connection.exec_driver_sql(self._statements.steps_by_number, {"rows": key}).one_or_none()
        if step is not None:
            return Refused(step_record(dict(zip(STEP_COLUMNS, step, strict=True))))
        row = connection.exec_driver_sql(self._statements.workflows_by_id, {"rows": key}).one_or_none()
        status = None if row is None else workflow_record(dict(zip(WORKFLOW_COLUMNS, row, strict=True))).status
        return Refused(Fenced(status=status))

    def committed(self, recorded: RecordedStep, value: T) -> T:
        del recorded
        return value


class SqlTransactor:
    """Runs transactions on the application's database."""

    def __init__(
        self,
        *,
        engine: Engine,
        dialect: Dialect,
        records: TransactionRecords,
        exclusive: AbstractContextManager[Any] | None,
    ) -> None:
        """`exclusive` is held around writing transactions, where one writer locks the whole database."""
        self._engine = engine
        self._dialect = dialect
        self._records = records
        self._exclusive: AbstractContextManager[Any] = nullcontext() if exclusive is None else exclusive
        event.listen(engine, "handle_error", _interrupt, retval=True)
        event.listen(engine, "before_cursor_execute", _look_at)
        event.listen(engine, "rollback", _note_rollback)
        for name in ("reset", "invalidate", "detach"):
            event.listen(engine, name, _take_guard_off)

    def transact(self, body: TransactionBody[T], *, isolation_level: str, read_only: bool) -> T | Refused | Unconfirmed:
        ours = _Errors(is_read_only=read_only)
        try:
            known: Unconfirmed | None = None if body.owner is None else self._records.find(body.owner)
            if known is not None:
                return known
            with nullcontext() if read_only else self._exclusive:
                return self._attempt(body, isolation_level, ours, is_read_only=read_only)
        except BaseException as error:
            if isinstance(error, DBOSDatabaseUnavailableError):
                raise
            # Whatever the application made of it: when the database failed, that is why.
            fault = ours.fault or ours.fault_of(error)
            if fault is not None:
                raise fault from error
            known = self._record_of(body) if isinstance(error, Exception) else None
            if known is not None:
                # A commit that was not answered was under way still, and the function met what it wrote itself.
                return known
            if not ours.is_body_running and _is_aborted(error):
                raise DBOSContextError(_ABORTED) from error
            raise

    def _record_of(self, body: TransactionBody[Any]) -> Unconfirmed | None:
        """What stands of the transaction already, when that can be."""
        if body.owner is None:
            return None
        try:
            return self._records.find(body.owner)
        except SQLAlchemyError as error:
            fault = fault_of(error)
            if fault is None:
                raise
            raise fault from error

    def _attempt(
        self, body: TransactionBody[T], isolation_level: str, ours: _Errors, *, is_read_only: bool
    ) -> T | Refused | Unconfirmed:
        options = self._dialect.transaction_options(isolation_level, is_read_only=is_read_only)
        guard = CommitGuard(is_postgres=self._dialect.has_notify, has_record=body.has_record)
        connecting = self._engine.connect().execution_options(**options, dbos_errors=ours, dbos_guard=guard)
        with connecting as connection, connection.begin() as transaction:
            session = TransactionSession(connection, guard)
            try:
                ours.is_body_running = True
                with _guarded(connection, transaction, guard, ours) as confirm:
                    recorded, value = body.call(session)
                    session.flush()
                ours.is_body_running = False
                answer = None if recorded is None else self._records.store(connection, recorded, confirm)
                if answer is not None:
                    transaction.rollback()
                    return answer
                known = self._commit(transaction, body, recorded, is_read_only=is_read_only)
                if known is not None:
                    return known
            finally:
                session.end()
        return value if recorded is None else self._records.committed(recorded, value)

    def _commit(
        self,
        transaction: RootTransaction,
        body: TransactionBody[Any],
        recorded: RecordedStep | None,
        *,
        is_read_only: bool,
    ) -> Unconfirmed | None:
        """Commit; a record that stands although the commit was not answered."""
        if recorded is not None:
            # Whatever fails from here on, the next attempt looks first: run again, the application's function would
            # find what it wrote itself.
            body.owner = StepOwner(recorded.step.workflow_id, recorded.step.number)
        try:
            transaction.commit()
        except (DBAPIError, DatabaseFault) as error:
            # When the connection broke, only the record tells whether the commit was done.
            fault = error if isinstance(error, DatabaseFault) else fault_of(error)
            is_unanswered = fault is not None and fault.kind is FaultKind.UNAVAILABLE
            if recorded is None and is_unanswered and not is_read_only:
                msg = (
                    f"The commit of a transaction was not answered ({fault}): whether it was done is unknown. Outside "
                    "workflows nothing is recorded that would tell; look at the data, or call the transaction from a "
                    "workflow."
                )
                raise DBOSDatabaseUnavailableError(msg) from error
            known = None if body.owner is None else self._records.find(body.owner)
            if known is None:
                raise
            return known
        return None


@contextmanager
def _guarded(
    connection: Connection, transaction: RootTransaction, guard: CommitGuard, ours: _Errors
) -> Generator[Confirm]:
    """Run the application's function; afterwards the transaction is the one that began, or an error is raised.

    What only the database can tell is told when the record is confirmed.
    """
    driver = connection.connection.driver_connection
    # A creator of the application's own may make other connections.
    guarded = driver if isinstance(driver, GuardedConnection) else None
    if guarded is not None:
        guarded.put_guard(guard)
    is_refused = True
    try:
        yield _unguarded if guarded is None else guarded.confirm
        if ours.fault is not None:
            raise ours.fault
        is_same = (
            transaction.is_active
            and not connection.invalidated
            and connection.connection.driver_connection is driver
            and (guarded is None or guarded.is_in_transaction())
        )
        guard.check(is_same=is_same)
        if guarded is not None and guarded.is_aborted() and not ours.is_read_only:
            raise DBOSContextError(_ABORTED)
        is_refused = False
    except StatementError as error:
        # SQLAlchemy in its own words, where the transaction was ended before.
        if not isinstance(error, DBAPIError):
            guard.raise_refusal()
        raise
    except InvalidRequestError:
        guard.raise_refusal()
        raise
    finally:
        if guarded is not None and guarded.guard is guard:
            guarded.put_guard(None)
            if is_refused:
                # SQLAlchemy may take a commit that was refused for one that was made.
                with contextlib.suppress(sqlite3.Error, psycopg.Error):
                    guarded.rollback()


def _unguarded(_: object) -> None:
    """Confirm a transaction on a connection that is not ours."""


_ABORTED = (
    "A transaction went on after an error of the database. PostgreSQL takes no further statement of it, so neither "
    "its writes nor its result can be stored: nothing was written. Put the statement that may fail into a savepoint: "
    "with DBOS.sql_session.begin_nested(): …"
)


def _is_aborted(error: BaseException) -> bool:
    return isinstance(cause_of(error), psycopg.errors.InFailedSqlTransaction)


@dataclass(slots=True, kw_only=True)
class _Errors:
    """What went wrong in a transaction, noted where it happens: the application may catch what is raised there."""

    is_read_only: bool
    is_body_running: bool = False
    has_own_timeout: bool = False
    """Whether the application itself said how long statements of this transaction may take."""
    fault: DatabaseFault | None = None

    def note(self, statement: str) -> None:
        """Look at a statement of the application before it runs."""
        if "statement_timeout" in statement or "lock_timeout" in statement:
            self.has_own_timeout = True

    def is_asked_for(self, fault: DatabaseFault, statement: str | None) -> bool:
        """Whether the application wanted to be told, rather than to wait for a lock or for an answer."""
        is_nowait = statement is not None and "NOWAIT" in statement.upper()
        return fault.kind is FaultKind.BUSY and (is_nowait or self.has_own_timeout)

    def fault_of(self, error: BaseException) -> DatabaseFault | None:
        """The failure of the database that `error` tells of, if it is one."""
        is_read_only = isinstance(cause_of(error), psycopg.errors.ReadOnlySqlTransaction)
        if self.is_read_only and self.is_body_running and is_read_only:
            return None  # a write in a transaction that was declared to have none
        return fault_of(error, is_engine=not self.is_body_running)


def _look_at(connection: Connection, _: object, statement: str, *__: object) -> None:
    ours: _Errors | None = connection.get_execution_options().get("dbos_errors")
    if ours is not None and ours.is_body_running:
        ours.note(statement)


def _note_rollback(connection: Connection) -> None:
    options = connection.get_execution_options()
    ours: _Errors | None = options.get("dbos_errors")
    if ours is not None and ours.is_body_running:
        guard: CommitGuard = options["dbos_guard"]
        guard.note_end()


def _take_guard_off(driver: object, *_: object) -> None:
    """Let the pool clean or close a connection that the application gave back, and others use it."""
    if isinstance(driver, GuardedConnection) and driver.guard is not None:
        driver.guard.note_end()
        driver.put_guard(None)


def _interrupt(context: ExceptionContext) -> BaseException | None:
    """Note a failure of the database in a transaction, and let it pass through the application's `except Exception`.

    What is the answer to what the application asked for, such as a lock that it would not wait for, it may handle.
    """
    connection = context.connection
    ours: _Errors | None = None if connection is None else connection.get_execution_options().get("dbos_errors")
    if ours is None:
        return None
    fault = ours.fault_of(context.sqlalchemy_exception or context.original_exception)
    if fault is None or ours.is_asked_for(fault, context.statement):
        return None
    if fault.kind is FaultKind.UNAVAILABLE:
        # So that a server that was the primary before a failover is not used again.
        context.is_disconnect = True
    ours.fault = fault
    return fault
