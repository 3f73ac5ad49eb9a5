"""Spans of one OpenTelemetry tracer provider. The only module that imports OpenTelemetry's interface."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import context, propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, TracerProvider

from dbos_typed.error import DBOSBaseException
from dbos_typed.telemetry.port import Attributes

_logger = logging.getLogger("dbos_typed")
_OWN = context.create_key("dbos_typed.span")


class Spans:
    """Makes spans that all have some facts in common."""

    def __init__(self, provider: TracerProvider, facts: Attributes) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("dbos_typed")
        self._facts = facts

    @contextmanager
    def span(self, name: str, attributes: Attributes, parent: str | None) -> Generator[None]:
        before = context.get_current()
        span = self._tracer.start_span(name, context=_context_of(parent, before))
        _annotate(span, self._facts)
        _annotate(span, attributes)
        context.attach(context.set_value(_OWN, span, trace.set_span_in_context(span, before)))
        try:
            yield
        except BaseException as error:
            _record(span, error)
            raise
        finally:
            # Not detach, which complains when a coroutine is closed in another context than it was begun in.
            context.attach(before)
            span.end()

    def current(self) -> Span:
        """The innermost span made here, else the current one."""
        own = context.get_value(_OWN)
        return own if isinstance(own, Span) else trace.get_current_span()

    def position(self) -> str | None:
        carrier: dict[str, str] = {}
        if trace.get_current_span().get_span_context().is_valid:
            propagate.inject(carrier)
        return json.dumps(carrier) if carrier else None

    def add_event(self, name: str, attributes: Attributes) -> None:
        given = {key: value for key, value in attributes.items() if value is not None}
        self.current().add_event(name, given)

    def annotate(self, attributes: Attributes) -> None:
        _annotate(self.current(), attributes)

    def fail(self, error: BaseException) -> None:
        _record(self.current(), error)


def _annotate(span: Span, attributes: Attributes) -> None:
    for key, value in attributes.items():
        if value is not None:
            span.set_attribute(key, value)


def _context_of(parent: str | None, here: Context) -> Context:
    """Where the remembered position is, with what else the current context holds."""
    if parent is None:
        return here
    try:
        there = propagate.extract(json.loads(parent), context=here)
    except Exception as error:  # noqa: BLE001  # damaged data may raise anything, and a trace is no reason not to run
        _logger.warning("A stored trace position cannot be read, so a trace begins anew: %r (%s)", parent, error)
        return here
    is_here = _span_id(there) == _span_id(here)
    # The span object of this process says more than its remembered id.
    return here if is_here else there


def _span_id(where: Context) -> int:
    return trace.get_current_span(where).get_span_context().span_id


def _record(span: Span, error: BaseException) -> None:
    if not isinstance(error, (Exception, DBOSBaseException)):
        # The run was interrupted and goes on elsewhere: a closed coroutine, a cancelled task, Ctrl-C.
        return
    span.record_exception(error)
    span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
