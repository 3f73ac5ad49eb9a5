"""A database that does not take what it is asked for, as the layers between storage and drivers speak of it."""

from __future__ import annotations

from enum import Enum


class FaultKind(Enum):
    """What a failure says about the next attempt."""

    UNAVAILABLE = "unavailable"
    """The connection is lost, or the server is down, read-only, full or out of slots: nobody's attempt succeeds now."""
    BUSY = "busy"
    """A lock, a conflict, a timeout of the server or a used up pool: another's attempt may succeed meanwhile."""


class DatabaseFault(BaseException):
    """The database failed; whether it did what it was asked for is not known.

    The drivers repeat the effect until the database answers. It is never stored and no code of the application sees
    it; no `Exception`, so that nothing takes it for the outcome of a step.
    """

    def __init__(self, cause: Exception, kind: FaultKind, *, is_statement_of_user: bool = False) -> None:
        self.cause = cause
        """What the driver raised."""
        self.kind = kind
        self.is_statement_of_user = is_statement_of_user
        """Whether a statement of the application raised it, which may be to blame itself: one that takes too long."""
        super().__init__(f"{type(cause).__name__}: {cause}")
