"""SQLite's connection and cursor, on which a guard of the running transaction can be put."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Literal, Self

from dbos_typed.storage.commit_guard import CommitGuard, GuardedCalls

_MARK = "dbos_typed_transaction"


class GuardedSqliteConnection(GuardedCalls, sqlite3.Connection):
    """A connection that asks the guard, if there is one, before it does what would end a transaction."""

    def put_guard(self, guard: CommitGuard | None) -> None:
        """See GuardedConnection."""
        object.__setattr__(self, "guard", None)
        if guard is not None:
            super().execute(f"SAVEPOINT {_MARK}")
        object.__setattr__(self, "guard", guard)

    def is_in_transaction(self) -> bool:
        """See GuardedConnection; a transaction of SQLite begins before the application's function."""
        try:
            # Of another transaction there is no such savepoint.
            super().execute(f"RELEASE {_MARK}")
        except sqlite3.OperationalError:
            return False
        return self.in_transaction

    def is_aborted(self) -> bool:
        """See GuardedConnection; SQLite undoes a statement that fails, and goes on."""
        return False

    def confirm(self, mark: object) -> None:
        """See GuardedConnection; a savepoint has told it."""

    def look_at(self, statement: str) -> None:
        """Refuse what the guard refuses, and everything once SQLite has rolled back, as INSERT OR ROLLBACK asks for."""
        if self.guard is not None:
            if not self.in_transaction:
                self.guard.note_end()
            self.guard.look_at(statement)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        self.refuse("The end of a block of the driver's connection")
        return super().__exit__(kind, error, trace)

    def __setattr__(self, name: str, value: object) -> None:
        # Either commits what is under way.
        if self.guard is not None and name in ("isolation_level", "autocommit"):
            self.guard.refuse(f"A change of the driver's {name}")
        super().__setattr__(name, value)

    def cursor(self, factory: Callable[[sqlite3.Connection], Any] | None = None) -> Any:  # noqa: ANN401  # what the factory makes
        if factory in (None, sqlite3.Cursor):
            factory = sqlite3.Cursor if self.guard is None else _GuardedCursor
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401  # as in sqlite3
        self.look_at(sql)
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        self.look_at(sql)
        return super().executemany(sql, parameters)

    def executescript(self, sql_script: str, /) -> sqlite3.Cursor:
        self.refuse("executescript(), which commits first,")
        return super().executescript(sql_script)


class _GuardedCursor(sqlite3.Cursor):
    """A cursor that was made while a guard was there."""

    connection: GuardedSqliteConnection  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]  # the one that made it

    def execute(self, sql: str, parameters: Any = (), /) -> Self:  # noqa: ANN401  # as in sqlite3
        self.connection.look_at(sql)
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, seq_of_parameters: Iterable[Any], /) -> Self:
        self.connection.look_at(sql)
        super().executemany(sql, seq_of_parameters)
        return self

    def executescript(self, sql_script: str, /) -> Self:
        self.connection.refuse("executescript(), which commits first,")
        super().executescript(sql_script)
        return self
