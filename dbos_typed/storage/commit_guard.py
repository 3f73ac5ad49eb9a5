"""Keeps the application from ending a transaction that commits together with its record.

If it committed by itself, a crash before the record is stored would let the transaction be done twice; if it rolled
back, the record would tell of something that never was. So each way of ending it is refused before it takes effect: of
SQLAlchemy and of the driver, and as a statement. What ended it nevertheless is found before the record is written.
"""

from __future__ import annotations

import re
from typing import NoReturn, Protocol, runtime_checkable

from dbos_typed.error import DBOSContextError

_CONTROL = re.compile(
    r"(?:^|;)\s*(commit|end|abort|begin|start\s+transaction|prepare\s+transaction"
    r"|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b",
    re.IGNORECASE,
)
_NOT_CODE = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$",
    re.DOTALL,
)
_MAY_BE_CONTROL = re.compile(r"\b(?:commit|end|abort|begin|transaction|rollback)\b", re.IGNORECASE)
_HAS_BODY = re.compile(r"\s*create\b.*?\b(?:trigger|begin\s+atomic)\b", re.IGNORECASE | re.DOTALL)
"""The body of such a statement stands between BEGIN and END, which are none of its own."""
_BODY_WORDS = ("begin", "end")


def control_command(statement: str) -> str | None:
    """The first command of a statement that begins or ends a transaction; `None` if there is none.

    Savepoints are the application's own.
    """
    if _MAY_BE_CONTROL.search(statement) is None:
        return None
    code = _NOT_CODE.sub(" ", statement)
    found = [" ".join(match.upper().split()) for match in _CONTROL.findall(code)]
    if _HAS_BODY.match(code):
        found = [command for command in found if command.lower() not in _BODY_WORDS]
    return found[0] if found else None


class CommitGuard:
    """Watches over one transaction of the application."""

    def __init__(self) -> None:
        self._refusal: DBOSContextError | None = None
        self._is_over = False

    def refuse(self, way: str) -> NoReturn:
        """Raise DBOSContextError for one way of ending the transaction, which does not commit after that.

        The application may catch it, and would then commit what it wanted to be undone.
        """
        self._refusal = self._refusal or DBOSContextError(_REFUSED.format(way=way))
        raise self._refusal

    def note_end(self) -> None:
        """Note that SQLAlchemy ends the transaction by a rollback, as it does itself when a flush fails.

        It is not refused, but nothing is done on the connection after it.
        """
        self._is_over = True
        self._refusal = self._refusal or DBOSContextError(_ROLLED_BACK)

    def refuse_unless_noted(self, way: str) -> None:
        """Refuse what SQLAlchemy does not do itself."""
        if not self._is_over:
            self.refuse(way)

    def look_at(self, statement: str) -> None:
        """Refuse a statement that begins or ends a transaction, or that would be made after its end."""
        if self._is_over and self._refusal is not None:
            raise self._refusal
        command = control_command(statement)
        if command is not None:
            self.refuse(command)

    def check(self, *, is_same: bool) -> None:
        """Raise DBOSContextError if the transaction must not commit; `is_same`: it is still the one that began."""
        if self._refusal is not None:
            raise self._refusal
        if not is_same:
            raise DBOSContextError(_ENDED)


_REFUSED = (
    "{way} was called in a transaction, which commits when the function returns and rolls back when it raises. Return "
    "or raise instead; use DBOS.sql_session.begin_nested() for a savepoint. Nothing was written."
)
_ROLLED_BACK = (
    "A transaction was rolled back before its function returned: by rollback() of its connection, or by "
    "SQLAlchemy after a flush failed. Nothing was written. Let the error pass, or put what may fail into a savepoint: "
    "with DBOS.sql_session.begin_nested(): …"
)
_ENDED = (
    "A transaction was ended before its function returned, in a way that could not be prevented: what it wrote before "
    "may be committed, and is not recorded. Let the function return or raise instead."
)


@runtime_checkable
class GuardedConnection(Protocol):
    """A driver's connection on which a guard can be put."""

    guard: CommitGuard | None
    """What looks at everything that is asked of the connection, while it is in a transaction of the application."""

    def put_guard(self, guard: CommitGuard | None) -> None: ...

    def rollback(self) -> None: ...

    def is_in_transaction(self) -> bool:
        """Whether the transaction that was there when the guard was put, or begun since, has not ended."""
        ...
