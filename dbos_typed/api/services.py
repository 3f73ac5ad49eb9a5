"""Services that run beside the engine from launch to destroy: web servers, consumers of other systems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol, TypeAlias

from dbos_typed.core.health import ServiceHealth


class Service(Protocol):
    """Something that runs until it is stopped."""

    @property
    def is_intake(self) -> bool:
        """Whether it starts workflows on its own, and so ends when the executor is deactivated."""
        ...

    def start(self) -> None:
        """Begin; it must not block."""
        ...

    def stop(self) -> None:
        """End it; nothing of it runs afterwards. Idempotent."""
        ...

    def health(self) -> ServiceHealth | None:
        """How it is now; None: it is not to run."""
        ...


ServiceFactory: TypeAlias = Callable[[], Service]


class Services:
    """What was registered to run, and what runs."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._registered: list[ServiceFactory] = []
        self._running: list[Service] | None = None

    def register(self, factory: ServiceFactory) -> None:
        """Run the service from the next launch on, or at once when the engine is launched already."""
        with self._lock:
            self._registered.append(factory)
            running = self._running
        if running is not None:
            self._start(factory, running)

    def start(self, further: Sequence[ServiceFactory] = ()) -> None:
        """Start what is registered and `further` services. When one cannot be started, none is left running."""
        running: list[Service] = []
        with self._lock:
            self._running = running
            factories = [*further, *self._registered]
        try:
            for factory in factories:
                self._start(factory, running)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, intake_only: bool = False) -> None:
        """Stop what runs, or only what starts workflows on its own. Idempotent."""
        with self._lock:
            running = list(self._running or ())
            if not intake_only:
                self._running = None
        for service in reversed(running):
            if service.is_intake or not intake_only:
                service.stop()

    def health(self) -> tuple[ServiceHealth, ...]:
        """How those are that are to run."""
        with self._lock:
            running = list(self._running or ())
        return tuple(found for service in running if (found := service.health()) is not None)

    def after_fork(self) -> None:
        """In a forked process: what runs runs in the parent."""
        self._lock = Lock()
        self._running = None

    def clear(self) -> None:
        """Forget what is registered."""
        with self._lock:
            self._registered.clear()

    @staticmethod
    def _start(factory: ServiceFactory, running: list[Service]) -> None:
        service = factory()
        service.start()
        running.append(service)


services = Services()
"""The services of this process."""
