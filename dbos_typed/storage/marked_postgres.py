"""psycopg's connection, which tells a transaction from another one that has taken its place.

What psycopg begins is seen on its way. Of what is begun past it, or AND CHAIN, only the server knows: so a transaction
that commits with a record carries a mark. The mark is a setting of the transaction itself, which the server forgets
with it, however it ended. It is set in the round trip of BEGIN, and read by the statement that stores the record.
"""

from __future__ import annotations

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
"""Whether psycopg sends BEGIN through the method that is extended here. Without it nothing is seen or marked."""
# The same text for all transactions, so that statistics of the server count one statement.
_MARK_IT = b"SET LOCAL dbos_typed.transaction = 'on'"
_MARK = "on"
MARK = "pg_catalog.current_setting('dbos_typed.transaction', true)"
"""An expression for the mark of the transaction that runs it, which confirm() takes."""
_ANOTHER = (
    "A transaction was ended and another one begun before its function returned, in a way that could not be prevented. "
    "What it wrote before may be committed; what it wrote since is not, and nothing is recorded. Let the function "
    "return or raise instead. RESET ALL in a transaction looks the same: reset single settings, or use SET LOCAL."
)


class MarkedConnection(psycopg.Connection[TupleRow]):
    """A connection that watches over one transaction at a time."""

    _is_watching = False
    _is_marking = False
    _is_begun = False
    """Whether psycopg has begun the transaction that is or was watched last."""
    _is_another = False
    """Whether psycopg has begun a second one meanwhile."""

    def start_watching(self, *, is_marking: bool) -> None:
        """Watch over the transaction that is under way or begins next; `is_marking`: confirm() will be asked for it."""
        self._is_watching = True
        self._is_marking = is_marking and HAS_HOOK
        self._is_another = False
        self._is_begun = self.pgconn.transaction_status == TransactionStatus.INTRANS
        if self._is_marking and self._is_begun:
            # Something that listens to SQLAlchemy has begun it.
            self.execute(_MARK_IT)

    def stop_watching(self) -> None:
        """Take whatever happens from here on for the engine's own doing."""
        self._is_watching = False

    def is_in_one_transaction(self) -> bool:
        """Whether nothing tells yet that the transaction is not the one that was watched from the start.

        What only the server knows is told by confirm().
        """
        status = self.pgconn.transaction_status
        if self._is_begun:
            return status != TransactionStatus.IDLE and not self._is_another
        is_begun_by_hand = HAS_HOOK and status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN)
        return not is_begun_by_hand and not self.autocommit

    def confirm(self, mark: object) -> None:
        """Take what MARK was in a statement of the transaction. Raise DBOSContextError if it is not the marked one."""
        if self._is_marking and self._is_begun and mark != _MARK:
            raise DBOSContextError(_ANOTHER)

    # Private to psycopg, which has nothing public that runs between a first statement and the BEGIN before it. A test
    # fails when psycopg no longer calls it.
    def _exec_command(self, command: Any, result_format: Format = Format.TEXT) -> PQGen[PGresult | None]:  # noqa: ANN401  # psycopg's type for it is not the same in all versions
        if not self._is_watching or not isinstance(command, bytes) or not command.startswith(b"BEGIN"):
            return (yield from super()._exec_command(command, result_format))
        self._is_another = self._is_begun
        self._is_begun = True
        if self._is_another or not self._is_marking:
            return (yield from super()._exec_command(command, result_format))
        return (yield from self._exec_both(command, _MARK_IT))

    def _exec_both(self, first: bytes, second: bytes) -> PQGen[PGresult | None]:
        """Send two commands in one round trip; the second one is not executed where the first one fails."""
        if self.pgconn.pipeline_status != PipelineStatus.OFF:
            yield from super()._exec_command(first)
            return (yield from super()._exec_command(second))
        self.pgconn.send_query(first + b"; " + second)
        results: list[PGresult] = yield from generators.execute(self.pgconn)
        result = results[-1]
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result, encoding=self.info.encoding)
        return result
