"""What the engine asks of a tracer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol, TypeAlias

Attributes: TypeAlias = "Mapping[str, str | int | float | bool | None]"
"""Facts of a span; those that are None are left out."""


class OperationKind(StrEnum):
    """What a span stands for: the attribute `operationType`."""

    HANDLER = "handler"
    WORKFLOW = "workflow"
    STEP = "step"
    TRANSACTION = "transaction"
    OPERATION = "operation"


class Tracer(Protocol):
    """Makes spans. The engine asks `is_active` first and calls nothing else while it is False."""

    @property
    def is_active(self) -> bool:
        """Whether spans go anywhere."""
        ...

    def span(self, name: str, attributes: Attributes, parent: str | None = None) -> AbstractContextManager[None]:
        """A span around a block, current in it; an error that leaves the block is recorded on it.

        Its parent is the span of the code that `parent`, made by `position`, remembers, else the current one.
        """
        ...

    def position(self) -> str | None:
        """The current position in the trace as text, to go on from elsewhere; None: in no trace."""
        ...

    def add_event(self, name: str, attributes: Attributes) -> None:
        """Note something that happened on the current span."""
        ...

    def annotate(self, attributes: Attributes) -> None:
        """Add facts to the current span."""
        ...

    def fail(self, error: BaseException) -> None:
        """Record an error that does not leave the current span's block."""
        ...


class NoTracer:
    """Traces nothing."""

    is_active = False

    def span(self, name: str, attributes: Attributes, parent: str | None = None) -> AbstractContextManager[None]:
        del name, attributes, parent
        return nullcontext()

    def position(self) -> str | None:
        return None

    def add_event(self, name: str, attributes: Attributes) -> None:
        pass

    def annotate(self, attributes: Attributes) -> None:
        pass

    def fail(self, error: BaseException) -> None:
        pass


NO_TRACER = NoTracer()
