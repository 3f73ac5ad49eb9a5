"""PostgreSQL connections that do not wait for ever for a server that is gone.

A host that died, a proxy that swallows what it is given or a stopped process leaves a connection open that never
answers, and neither the driver nor the kernel can tell it from a server that works on a long statement. The server can:
it is asked on another connection.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from dbos_typed.storage.guarded_postgres import GuardedPostgresConnection

T = TypeVar("T")

WAKE_SECONDS = 0.1
"""How often psycopg wakes while it waits, so that Ctrl-C is heard."""
LONGEST_SILENCE_SECONDS = 30.0
"""A statement that is known to be under way is asked after at intervals that grow up to this."""

ASKING = "dbos_typed asking"
"""The application name of the connections on which the server is asked."""
_IS_ACTIVE = """
    SELECT 1 FROM pg_stat_activity
    WHERE state = 'active' AND CASE WHEN %(label)s = '' THEN pid = %(pid)s ELSE application_name = %(label)s END"""


@dataclass(slots=True)
class Silence:
    """When one of the connections to a server was last found dead. Those that were made before are likely dead too."""

    found_at: float = -math.inf


class WatchedConnection(GuardedPostgresConnection):
    """Gives up, with psycopg.OperationalError, when the server is silent and does not work on a statement of it."""

    parameters: Mapping[str, Any] = {}  # replaced, never changed
    """With what the server is connected to when it is asked."""
    silence_seconds: float = 2.0
    """How long the server may be silent before it is asked."""
    made_at: float = 0.0
    silence: Silence | None = None
    """Shared by the connections to a server."""
    label: str = ""
    """The application name that only this connection has, by which the server knows it behind a pooler; else empty."""

    def wait(self, gen: PQGen[T], interval: float = WAKE_SECONDS, timeout: float | None = None) -> T:
        """Wait for the server as psycopg does."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        silence = self.silence_seconds
        while True:
            try:
                return super().wait(gen, interval, silence)
            except psycopg.errors._WaitTimeout:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # psycopg has no public name
                self._ask(silence)
            silence = min(silence * 2, LONGEST_SILENCE_SECONDS)

    @property
    def is_suspect(self) -> bool:
        """Whether a connection that was made at the same time or later was found dead."""
        return self.silence is not None and self.made_at <= self.silence.found_at

    def _ask(self, silence: float) -> None:
        """Raise psycopg.OperationalError unless the server works on a statement of this connection."""
        if not self._is_served():
            if self.silence is not None:
                self.silence.found_at = time.monotonic()
            # Closed, so that a pool does not take it back.
            self.pgconn.finish()
            msg = f"the server was silent for {silence:.0f} seconds and does not work on the statement"
            raise psycopg.OperationalError(msg)

    def _is_served(self) -> bool:
        parameters: dict[str, Any] = {**self.parameters, "application_name": ASKING}
        try:
            with psycopg.connect(**parameters, autocommit=True) as connection:
                return (
                    connection.execute(_IS_ACTIVE, {"pid": self.pgconn.backend_pid, "label": self.label}).fetchone()
                    is not None
                )
        except psycopg.OperationalError as error:
            # A server without free slots answers, and may well be at work.
            return "too many" in str(error)
