"""Keeps the application from ending a transaction that commits together with its record.

If it committed by itself, a crash before the record is stored would let the transaction be done twice; if it rolled
back, the record would tell of something that never was. So each way of ending it is refused before it takes effect: of
SQLAlchemy and of the driver, and as a statement. What ended it nevertheless is found before the record is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn, Protocol, runtime_checkable

from dbos_typed.error import DBOSContextError

_MAY_BE_CONTROL = re.compile(r"(?:commit|end|abort|begin|transaction|rollback)(?![a-z0-9_])", re.IGNORECASE)
_POSTGRES_ONLY = r"""e'(?:[^'\\]|\\.|'')*' | """
_LEXICON = r"""
    (?P<skip>{}--[^\n\r]* | '(?:[^']|'')*' | "(?:[^"]|"")*")
    | (?P<word>[^\W\d][\w$]*) | (?P<dollar>\$(?:[^\W\d]\w*)?\$) | (?P<comment>/\*) | (?P<stop>;) | [\s\ufeff]+ | ."""
_TOKENS = {
    is_postgres: re.compile(
        _LEXICON.format(_POSTGRES_ONLY if is_postgres else ""), re.DOTALL | re.IGNORECASE | re.VERBOSE
    )
    for is_postgres in (True, False)
}
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_BODY_OPENERS = ("TRIGGER", "ATOMIC")
"""CREATE TRIGGER of SQLite and a function with BEGIN ATOMIC have a body between BEGIN and END, which are their own."""


def control_command(statement: str, *, is_postgres: bool) -> str | None:
    """The first command of a text that begins or ends a transaction; `None` if there is none.

    Savepoints are the application's own. PostgreSQL nests comments, quotes with dollars and escapes with backslashes;
    SQLite does none of it.
    """
    if _MAY_BE_CONTROL.search(statement) is None:
        return None
    commands = (_control(words) for words in _commands(statement, is_postgres=is_postgres))
    return next((command for command in commands if command is not None), None)


def _commands(statement: str, *, is_postgres: bool) -> Iterator[list[str]]:
    """The words of each command in a text, in capitals, without what is quoted or a comment."""
    words: list[str] = []
    has_body = False
    position = 0
    while match := _TOKENS[is_postgres].match(statement, position):
        position = match.end()
        if match.lastgroup == "comment":
            position = _after_comment(statement, position, is_nested=is_postgres)
        elif match.lastgroup == "dollar" and is_postgres:
            end = statement.find(match.group(), position)
            position = len(statement) if end < 0 else end + len(match.group())
        elif match.lastgroup == "word":
            words.append(match.group().upper())
            has_body = has_body or (words[0] == "CREATE" and words[-1] in _BODY_OPENERS)
        elif match.lastgroup == "stop":
            if not (has_body and words[:1] in (["BEGIN"], ["END"])):
                yield words
            has_body = has_body and words[:1] != ["END"]
            words = []
    if not (has_body and words[:1] == ["END"]):
        yield words


def _after_comment(statement: str, position: int, *, is_nested: bool) -> int:
    depth = 1
    while depth and (edge := _COMMENT_EDGE.search(statement, position)):
        position = edge.end()
        depth += (1 if is_nested else 0) if edge.group() == "/*" else -1
    return len(statement) if depth else position


def _control(words: list[str]) -> str | None:
    """The command that these words begin, if it begins or ends a transaction."""
    match words:
        case [("COMMIT" | "END" | "ABORT" | "BEGIN") as command, *_]:
            return command
        case [("START" | "PREPARE") as command, "TRANSACTION", *_]:
            return f"{command} TRANSACTION"
        case ["ROLLBACK", "TO", *_] | ["ROLLBACK", "WORK" | "TRANSACTION", "TO", *_]:
            return None
        case ["ROLLBACK", *_]:
            return "ROLLBACK"
        case _:
            return None


class CommitGuard:
    """Watches over one transaction of the application."""

    def __init__(self, *, is_postgres: bool, has_record: bool) -> None:
        """`has_record`: a record is to commit with the transaction, and with no other one."""
        self.has_record = has_record
        self._is_postgres = is_postgres
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
        command = control_command(statement, is_postgres=self._is_postgres)
        if command is not None:
            self.refuse(command)

    def check(self, *, is_same: bool) -> None:
        """Raise DBOSContextError if the transaction must not commit; `is_same`: it is still the one that began."""
        self.raise_refusal()
        if not is_same:
            raise DBOSContextError(_ENDED)

    def raise_refusal(self) -> None:
        """Raise DBOSContextError if the application has tried to end the transaction."""
        if self._refusal is not None:
            raise self._refusal


_REFUSED = (
    "{way} was called in a transaction, which commits when the function returns and rolls back when it raises. Return "
    "or raise instead; use DBOS.sql_session.begin_nested() for a savepoint. Nothing was written."
)
_ROLLED_BACK = (
    "A transaction was rolled back before its function returned: by rollback() of its connection, by SQLAlchemy after "
    "a flush failed, or by INSERT OR ROLLBACK. Nothing was written. Let the error pass, or put what may fail into a "
    "savepoint: with DBOS.sql_session.begin_nested(): …"
)
_ENDED = (
    "A transaction was ended before its function returned, in a way that could not be prevented: what it wrote before "
    "may be committed, and is not recorded. Let the function return or raise instead."
)


if TYPE_CHECKING:

    class _Driver:
        """What the connections of both drivers have; the driver's own class comes next among the bases."""

        def commit(self) -> None: ...
        def rollback(self) -> None: ...
        def close(self) -> None: ...

else:
    _Driver = object


class GuardedCalls(_Driver):
    """Stands before a driver's connection among its bases, and asks the guard first."""

    guard: CommitGuard | None = None

    def refuse(self, way: str) -> None:
        """Refuse one way of ending the transaction, if there is a guard."""
        if self.guard is not None:
            self.guard.refuse(way)

    def commit(self) -> None:
        self.refuse("commit() of the driver's connection")
        super().commit()

    def rollback(self) -> None:
        if self.guard is not None:
            self.guard.refuse_unless_noted("rollback() of the driver's connection")
        super().rollback()

    def close(self) -> None:
        self.refuse("close() of the driver's connection")
        super().close()


@runtime_checkable
class GuardedConnection(Protocol):
    """A driver's connection on which a guard can be put."""

    guard: CommitGuard | None
    """What looks at everything that is asked of the connection, while it is in a transaction of the application."""

    def put_guard(self, guard: CommitGuard | None) -> None: ...

    def rollback(self) -> None: ...

    def is_in_transaction(self) -> bool:
        """Whether the transaction that was there when the guard was put, or begun since, has not ended.

        That another one has taken its place some databases tell only with its record: by confirm().
        """
        ...

    def is_aborted(self) -> bool:
        """Whether a statement of the transaction has failed, after which the database commits nothing of it."""
        ...

    def confirm(self, mark: object) -> None:
        """Take the mark that the statement which stored the record has found on its transaction.

        Raise DBOSContextError if it is not that of the transaction that the guard has watched.
        """
        ...
