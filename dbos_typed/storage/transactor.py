"""User transactions whose record commits with them."""

from __future__ import annotations

import logging
import random
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from dbos_typed.core.ports import Refused, StepOwner, TransactionBody, Unconfirmed
from dbos_typed.core.writes import Fenced, RecordedStep
from dbos_typed.error import DBOSContextError
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.rows import STEP_COLUMNS, WORKFLOW_COLUMNS, as_json, step_record, step_row, workflow_record
from dbos_typed.storage.statements import Statements

T = TypeVar("T")

FIRST_PAUSE_SECONDS = 0.01
MOST_PAUSE_SECONDS = 2.0
MAX_ATTEMPTS = 20


class TransactionSession(Session):
    """The session of a running transaction. The engine commits it with the step's record, so the user must not."""

    def commit(self) -> NoReturn:
        _refuse("commit")

    def rollback(self) -> NoReturn:
        _refuse("rollback")


def _refuse(name: str) -> NoReturn:
    msg = (
        f"DBOS.sql_session.{name}() was called in a transaction, which commits when the function returns and rolls "
        "back when it raises. Return or raise instead; use sql_session.begin_nested() for a savepoint."
    )
    raise DBOSContextError(msg)


class TransactionRecords(Protocol):
    """Where the records of transactions are stored, in the database on which they run."""

    def find(self, owner: StepOwner) -> Unconfirmed | None:
        """What an earlier run of the workflow stored, when the system database may not have it yet."""
        ...

    def store(self, connection: Connection, recorded: RecordedStep) -> Refused | Unconfirmed | None:
        """Store the record in the user's transaction. An answer: it must be rolled back, because this counts."""
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

    def store(self, connection: Connection, recorded: RecordedStep) -> Refused | None:
        rows = as_json([step_row(recorded)])
        if connection.exec_driver_sql(self._statements.steps, {"rows": rows}).all():
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


def _owner(recorded: RecordedStep) -> StepOwner:
    return StepOwner(recorded.step.workflow_id, recorded.step.number)


class _UnansweredCommitError(Exception):
    """The connection was lost in the commit of a transaction without a record: it must not be tried again."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__(error)
        self.error = error


class SqlTransactor:
    """Runs transactions on the application's database."""

    def __init__(
        self,
        *,
        engine: Engine,
        dialect: Dialect,
        records: TransactionRecords,
        logger: logging.Logger,
        exclusive: AbstractContextManager[Any] | None,
    ) -> None:
        """`exclusive` is held around writing transactions, where one writer locks the whole database."""
        self._engine = engine
        self._dialect = dialect
        self._records = records
        self._logger = logger
        self._exclusive: AbstractContextManager[Any] = nullcontext() if exclusive is None else exclusive

    def transact(self, body: TransactionBody[T], *, isolation_level: str, read_only: bool) -> T | Refused | Unconfirmed:
        known: Unconfirmed | None = None if body.owner is None else self._records.find(body.owner)
        if known is not None:
            return known
        pause = FIRST_PAUSE_SECONDS
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                with nullcontext() if read_only else self._exclusive:
                    return self._attempt(body, isolation_level, is_read_only=read_only)
            except _UnansweredCommitError as unanswered:
                raise unanswered.error from unanswered.error.orig
            except DBAPIError as error:
                cause = error.orig
                if cause is None or attempt == MAX_ATTEMPTS:
                    raise
                if not (self._dialect.is_transient(cause) or self._dialect.is_disconnect(cause)):
                    raise
                self._logger.debug("Transaction is tried again after attempt %d: %s", attempt, cause)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  # jitter, no secret
            pause = min(pause * 2, MOST_PAUSE_SECONDS)
        msg = "unreachable: the last attempt returns or raises"
        raise AssertionError(msg)

    def _attempt(
        self, body: TransactionBody[T], isolation_level: str, *, is_read_only: bool
    ) -> T | Refused | Unconfirmed:
        options = self._dialect.transaction_options(isolation_level, is_read_only=is_read_only)
        with self._engine.connect().execution_options(**options) as connection, connection.begin() as transaction:
            session = TransactionSession(bind=connection, join_transaction_mode="control_fully")
            try:
                recorded, value = body.call(session)
                session.flush()
                answer = None if recorded is None else self._records.store(connection, recorded)
                if answer is not None:
                    transaction.rollback()
                    return answer
                try:
                    transaction.commit()
                except DBAPIError as error:
                    # When the connection broke, only the record tells whether the commit was done.
                    is_lost = error.orig is not None and self._dialect.is_disconnect(error.orig)
                    if recorded is None and is_lost and not is_read_only:
                        raise _UnansweredCommitError(error) from error
                    known = None if recorded is None else self._records.find(_owner(recorded))
                    if known is None:
                        raise
                    return known
            finally:
                session.close()
        return value if recorded is None else self._records.committed(recorded, value)
