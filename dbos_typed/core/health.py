"""How an executor is: which of its services live, and whether its database answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHealth:
    """One thread that the engine keeps running."""

    name: str
    """The name of the thread."""
    is_alive: bool
    is_failing: bool
    """Whether it failed a moment ago and has not worked undisturbed since."""
    restarts: int
    """How often it was begun again after a failure."""
    last_error: str | None
    last_error_at: int | None
    """Milliseconds since the Unix epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseHealth:
    """What is known of the database from the last calls to it."""

    last_reached_at: int | None
    """When it answered last, in milliseconds since the Unix epoch."""
    unavailable_since: int | None
    """The first failure after its last answer, in milliseconds since the Unix epoch; None: it answers."""
    oldest_unanswered_write_seconds: float
    """How long the oldest write that it has not answered has been waiting; 0: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an executor is at one moment."""

    executor_id: str
    app_version: str
    running_workflows: int
    services: tuple[ServiceHealth, ...]
    """Those that are to run; one that was stopped on purpose is not among them."""
    database: DatabaseHealth

    @property
    def is_live(self) -> bool:
        """Whether the process can work, or could if its database answered.

        One that is not may be cured by starting it again. Services that fail while the database is unavailable fail
        because of it.
        """
        is_waiting = self.database.unavailable_since is not None
        return all(service.is_alive and (is_waiting or not service.is_failing) for service in self.services)

    @property
    def is_healthy(self) -> bool:
        """Whether every service works and the database answers."""
        return self.is_live and self.database.unavailable_since is None
