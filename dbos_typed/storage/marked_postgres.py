"""psycopg's connection, whose transactions can carry a mark that tells them from others.

The mark is a setting of the transaction itself, so that the server forgets it with the transaction, however that ended:
a COMMIT past the driver, or AND CHAIN, leaves another transaction without it. It is set in the round trip of BEGIN and
looked at in that of the transaction's record or, without one, of COMMIT.
"""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
from psycopg import generators
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from dbos_typed.error import DBOSContextError

HAS_HOOK = hasattr(psycopg.Connection, "_exec_command")
"""Whether psycopg sends BEGIN and COMMIT through the method that is extended here. Without it nothing is marked."""
# The same text for all transactions, so that statistics of the server count one statement.
_MARK_IT = b"SET LOCAL dbos_typed.transaction = 'on'"
_MARK = "on"
_CHECK = b"SELECT pg_catalog.current_setting('dbos_typed.transaction')::pg_catalog.bool"
MARK = "pg_catalog.current_setting('dbos_typed.transaction', true)"
"""An expression for the mark of the transaction that runs it, which confirm() takes."""
_MISSES = (psycopg.errors.UndefinedObject.sqlstate, psycopg.errors.InvalidTextRepresentation.sqlstate)
"""How the check fails where there is no mark: the session never had one, or has none any more, which reads as ''."""
_ANOTHER = (
    "A transaction was ended and another one begun before its function returned, in a way that could not be prevented. "
    "What it wrote before may be committed; what it wrote since is not, and nothing is recorded. Let the function "
    "return or raise instead. RESET ALL in a transaction looks the same: reset single settings, or use SET LOCAL."
)


class MarkedConnection(psycopg.Connection[TupleRow]):
    """A connection that commits a transaction begun while it was marking only if it is still that one."""

    _is_marking = False
    _is_marked = False
    """Whether a transaction was begun with the mark, and neither committed nor given up since."""
    _is_another = False

    def start_marking(self) -> None:
        """Mark the transaction that is under way or begins next, and no other one."""
        self._is_marking = True
        self._is_another = False
        self._is_marked = HAS_HOOK and self.pgconn.transaction_status == TransactionStatus.INTRANS
        if self._is_marked:
            # Something that listens to SQLAlchemy has begun it.
            self.execute(_MARK_IT)

    def stop_marking(self) -> None:
        """Mark no transaction from here on; the one that is marked still commits only if it carries the mark."""
        self._is_marking = False

    def is_in_one_transaction(self) -> bool:
        """Whether nothing tells yet that the transaction is not the one that was begun since marking started.

        What only the server knows is told by confirm() or commit(), with DBOSContextError.
        """
        status = self.pgconn.transaction_status
        if self._is_marked:
            return status != TransactionStatus.IDLE and not self._is_another
        is_begun_by_hand = HAS_HOOK and status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)
        return not is_begun_by_hand and not self.autocommit

    def confirm(self, mark: object) -> None:
        """Take what MARK was in a statement of the transaction, so that commit() need not look.

        Raise DBOSContextError if it is not the marked one.
        """
        if self._is_marked:
            if mark != _MARK:
                raise DBOSContextError(_ANOTHER)
            self._is_marked = False

    def commit(self) -> None:
        """Commit as psycopg does. Raise DBOSContextError, and roll back, if the transaction is not the marked one."""
        try:
            super().commit()
        except BaseException:
            if self.pgconn.transaction_status == TransactionStatus.INERROR:
                # SQLAlchemy takes a commit for the end, and does not roll back.
                with contextlib.suppress(psycopg.Error):
                    self.rollback()
            raise

    # Private to psycopg, which has nothing public that runs between a first statement and the BEGIN before it. A test
    # fails when psycopg no longer calls it.
    def _exec_command(self, command: Any, result_format: Format = Format.TEXT) -> PQGen[PGresult | None]:  # noqa: ANN401  # psycopg's type for it is not the same in all versions
        if isinstance(command, bytes) and command.startswith(b"BEGIN"):
            self._is_another = self._is_marking and self._is_marked
            if self._is_marking and not self._is_marked:
                self._is_marked = True
                return (yield from self._exec_both(command, _MARK_IT))
            self._is_marked = self._is_marking
        elif command == b"COMMIT" and self._is_marked and not self._is_marking:
            self._is_marked = False
            if not self._has_nothing_to_commit():
                return (yield from self._exec_both(_CHECK, command))
        return (yield from super()._exec_command(command, result_format))

    def _exec_both(self, first: bytes, second: bytes) -> PQGen[PGresult | None]:
        """Send two commands in one round trip; the second one is not executed where the first one fails."""
        if self.pgconn.pipeline_status != PipelineStatus.OFF:
            yield from super()._exec_command(first)
            return (yield from super()._exec_command(second))
        self.pgconn.send_query(first + b"; " + second)
        results: list[PGresult] = yield from generators.execute(self.pgconn)
        result = results[-1]
        if result.status == ExecStatus.FATAL_ERROR:
            error = error_from_result(result, encoding=self.info.encoding)
            if first is _CHECK and len(results) == 1 and error.sqlstate in _MISSES:
                raise DBOSContextError(_ANOTHER) from error
            raise error
        return result

    def _has_nothing_to_commit(self) -> bool:
        """Whether the transaction was not to write, and has failed, so that the server does not look at the mark."""
        return bool(self.read_only) and self.pgconn.transaction_status == TransactionStatus.INERROR
