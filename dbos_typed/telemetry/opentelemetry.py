"""The switch between OpenTelemetry and no tracing at all."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, cast

from dbos_typed.telemetry.port import Attributes
from dbos_typed.telemetry.silence import NO_SPAN

if TYPE_CHECKING:
    # OpenTelemetry is optional, and is not imported before the application itself has done so.
    from opentelemetry.trace import Span, TracerProvider

    from dbos_typed.telemetry.spans import Spans


class OpenTelemetryTracer:
    """Traces with the application's tracer provider; with none, and without OpenTelemetry installed, it does nothing.

    The provider is the one given to `use`, else the one that the application set with `set_tracer_provider`.
    """

    def __init__(self) -> None:
        self._provider: TracerProvider | None = None
        self._facts: Attributes = {}
        self._spans: Spans | None = None

    def use(self, provider: TracerProvider | None) -> None:
        """Trace with this provider instead of the application's; None: with the application's again."""
        self._provider = provider
        self._spans = None

    def describe(self, facts: Attributes) -> None:
        """Attributes of every span."""
        self._facts = facts
        self._spans = None

    @property
    def is_active(self) -> bool:
        """Whether there is a provider."""
        return self._provider is not None or _application_provider() is not None

    @property
    def current_span(self) -> Span:
        """The innermost span of the engine, else the current one; one that does nothing when nothing is traced."""
        return self._active().current() if self.is_active else cast("Span", NO_SPAN)

    def span(self, name: str, attributes: Attributes, parent: str | None = None) -> AbstractContextManager[None]:
        return self._active().span(name, attributes, parent)

    def position(self) -> str | None:
        return self._active().position() if self.is_active else None

    def add_event(self, name: str, attributes: Attributes) -> None:
        self._active().add_event(name, attributes)

    def annotate(self, attributes: Attributes) -> None:
        self._active().annotate(attributes)

    def fail(self, error: BaseException) -> None:
        self._active().fail(error)

    def _active(self) -> Spans:
        provider = self._provider or _application_provider()
        spans = self._spans
        if spans is None or spans.provider is not provider:
            spans = import_module("dbos_typed.telemetry.spans").Spans(provider, self._facts)
            self._spans = spans
        return spans


def _application_provider() -> TracerProvider | None:
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    provider: TracerProvider = trace.get_tracer_provider()
    is_nothing = isinstance(provider, trace.ProxyTracerProvider | trace.NoOpTracerProvider)
    return None if is_nothing else provider
