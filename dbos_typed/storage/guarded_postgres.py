"""psycopg's connection and cursor, on which a guard of the running transaction can be put."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, cast

import psycopg
from psycopg import sql
from psycopg.abc import Params, Query
from psycopg.copy import Writer
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from dbos_typed.storage.commit_guard import CommitGuard, GuardedCalls
from dbos_typed.storage.marked_postgres import MarkedConnection


class GuardedPostgresConnection(GuardedCalls, MarkedConnection):
    """A connection that asks the guard, if there is one, before it does what would end a transaction."""

    def put_guard(self, guard: CommitGuard | None) -> None:
        """See GuardedConnection."""
        if guard is None:
            self.stop_watching()
        else:
            self.start_watching(is_marking=guard.has_record)
        self.guard = guard
        self.cursor_factory = psycopg.Cursor if guard is None else _GuardedCursor
        self.server_cursor_factory = psycopg.ServerCursor if guard is None else _GuardedServerCursor

    def is_in_transaction(self) -> bool:
        """See GuardedConnection; a transaction begins with its first statement."""
        return self.is_in_one_transaction()

    def is_aborted(self) -> bool:
        """See GuardedConnection."""
        return self.pgconn.transaction_status == TransactionStatus.INERROR

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refuse("The end of a block of the driver's connection")
        super().__exit__(kind, error, trace)

    def set_autocommit(self, value: bool) -> None:  # noqa: FBT001  # as in psycopg
        self.refuse("A change of the driver's autocommit")
        super().set_autocommit(value)

    def tpc_begin(self, xid: psycopg.Xid | str) -> None:
        self.refuse("tpc_begin()")
        super().tpc_begin(xid)

    @contextmanager
    def transaction(
        self,
        savepoint_name: str | None = None,
        force_rollback: bool = False,  # noqa: FBT001, FBT002  # as in psycopg
    ) -> Generator[psycopg.Transaction]:
        if self.guard is not None and self.pgconn.transaction_status == TransactionStatus.IDLE:
            # So that it is a savepoint of the transaction that this begins.
            self.execute("")
        with super().transaction(savepoint_name, force_rollback) as transaction:
            yield transaction


def _look_at(connection: psycopg.Connection[Any], query: Query) -> None:
    if isinstance(connection, GuardedPostgresConnection) and connection.guard is not None:
        connection.guard.look_at(_text(query, connection))


class _GuardedCursor(psycopg.Cursor[TupleRow]):
    """A cursor that was made while a guard was there."""

    def execute(
        self, query: Query, params: Params | None = None, *, prepare: bool | None = None, binary: bool | None = None
    ) -> Self:
        _look_at(self.connection, query)
        # psycopg declares one signature for each kind of query, of which there is one here.
        return super().execute(cast("bytes", query), params, prepare=prepare, binary=binary)

    def executemany(self, query: Query, params_seq: Iterable[Params], *, returning: bool = False) -> None:
        _look_at(self.connection, query)
        super().executemany(query, params_seq, returning=returning)

    def stream(
        self, query: Query, params: Params | None = None, *, binary: bool | None = None, size: int = 1
    ) -> Iterator[TupleRow]:
        _look_at(self.connection, query)
        return super().stream(query, params, binary=binary, size=size)

    @contextmanager
    def copy(
        self, statement: Query, params: Params | None = None, *, writer: Writer | None = None
    ) -> Generator[psycopg.Copy]:
        _look_at(self.connection, statement)
        with super().copy(statement, params, writer=writer) as copy:
            yield copy


class _GuardedServerCursor(psycopg.ServerCursor[TupleRow]):
    """A cursor of the server that was made while a guard was there."""

    def execute(self, query: Query, params: Params | None = None, *, binary: bool | None = None, **kwargs: Any) -> Self:  # noqa: ANN401  # as in psycopg
        _look_at(self.connection, query)
        return super().execute(query, params, binary=binary, **kwargs)


def _text(query: Query, connection: psycopg.Connection[Any]) -> str:
    if isinstance(query, bytes):
        return query.decode(errors="replace")
    return query.as_string(connection) if isinstance(query, sql.Composable) else str(query)
