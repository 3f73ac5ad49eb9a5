"""A launched application on a fresh database, and the spans that it makes."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, cast

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from dbos_typed import DBOS, DBOSConfig
from dbos_typed.api.registration import tracer

PATIENCE_SECONDS = 20


@pytest.fixture
def config(sqlite_database_url: str) -> DBOSConfig:
    return {
        "name": "integrations",
        "database_url": sqlite_database_url,
        "application_version": "1",
        "executor_id": "here",
    }


@pytest.fixture
def launch(config: DBOSConfig) -> Iterator[Callable[..., None]]:
    """Configures and launches the engine; everything is stopped and forgotten after the test."""

    def launch(**changes: object) -> None:
        DBOS(config=cast("DBOSConfig", {**config, **changes}))
        DBOS.launch()

    yield launch
    DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=20)


@pytest.fixture
def launched(launch: Callable[..., None]) -> None:
    launch()


def make_pending(database_url: str, executor_id: str = "here") -> None:
    """Make finished workflows look as if this executor had died before it stored their outcome."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute(
            "UPDATE dbos_workflows SET status = 'PENDING', output = NULL, executor_id = ?", (executor_id,)
        )


class Spans(SpanExporter):
    """The spans that have ended."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ended: list[ReadableSpan] = []
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self))

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._changed:
            self._ended.extend(spans)
            self._changed.notify_all()
        return SpanExportResult.SUCCESS

    def wait_for(self, name: str) -> None:
        """Wait until a span of this name has ended: a workflow's ends after its result is known."""
        with self._changed:
            assert self._changed.wait_for(lambda: name in self.names(), PATIENCE_SECONDS), self.names()

    def all(self) -> list[ReadableSpan]:
        """In the order in which they ended."""
        return list(self._ended)

    def names(self) -> list[str]:
        return [span.name for span in self.all()]

    def named(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (span,) = [span for span in self.all() if span.name == name]
        return span

    def attributes(self, name: str) -> dict[str, Any]:
        return dict(self.named(name).attributes or {})

    def parent(self, name: str) -> str | None:
        """The name of the span's parent; None: it has none."""
        parent = self.named(name).parent
        if parent is None:
            return None
        return next(span.name for span in self.all() if span.context.span_id == parent.span_id)

    def clear(self) -> None:
        self._ended.clear()


@pytest.fixture
def spans() -> Iterator[Spans]:
    """What is traced during the test."""
    found = Spans()
    tracer.use(found.provider)
    yield found
    tracer.use(None)
