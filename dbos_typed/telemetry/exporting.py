"""Sending traces and logs to OpenTelemetry collectors over HTTP. Needs OpenTelemetry's SDK and OTLP exporter."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

FLUSH_MILLISECONDS = 5000


@dataclass(slots=True)
class _Providers:
    """One of each for the whole process, as OpenTelemetry wants it; they outlive the engine and are ended at exit."""

    traces: TracerProvider | None = None
    logs: LoggerProvider | None = None


_providers = _Providers()


def export_traces(endpoints: Sequence[str], attributes: Mapping[str, str], logger: logging.Logger) -> None:
    """Send the spans of the process; with no endpoints to the one that OpenTelemetry's own variables name.

    A provider that the application set itself is left as it is.
    """
    if _providers.traces is not None:
        return
    if isinstance(trace.get_tracer_provider(), TracerProvider):
        logger.info("The application has a tracer provider of its own; it is used as it is.")
        return
    provider = TracerProvider(resource=Resource.create(attributes))
    for endpoint in endpoints or (None,):
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    trace.set_tracer_provider(provider)
    _providers.traces = provider


def export_logs(endpoints: Sequence[str], attributes: Mapping[str, str], logger: logging.Logger) -> None:
    """Send what `logger` logs."""
    if not endpoints or _providers.logs is not None:
        return
    provider = LoggerProvider(resource=Resource.create(attributes))
    for endpoint in endpoints:
        provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(endpoint=endpoint)))
    logger.addHandler(ExportingHandler(provider))
    _providers.logs = provider


def flush() -> None:
    """Send what is gathered."""
    if _providers.traces is not None:
        _providers.traces.force_flush(FLUSH_MILLISECONDS)
    if _providers.logs is not None:
        _providers.logs.force_flush(FLUSH_MILLISECONDS)


class ExportingHandler(logging.Handler):
    """Hands log records to a provider, each with the span in which it was made."""

    def __init__(self, provider: LoggerProvider) -> None:
        super().__init__()
        self._logger = provider.get_logger("dbos_typed")

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._logger.emit(
            timestamp=int(record.created * 1e9),
            severity_text=record.levelname,
            severity_number=_severity(record.levelno),
            body=record.getMessage(),
            attributes={"code.file.path": record.pathname, "code.line.number": record.lineno},
            exception=error,
        )


def _severity(level: int) -> SeverityNumber:
    severities = (
        (logging.CRITICAL, SeverityNumber.FATAL),
        (logging.ERROR, SeverityNumber.ERROR),
        (logging.WARNING, SeverityNumber.WARN),
        (logging.INFO, SeverityNumber.INFO),
    )
    return next((severity for least, severity in severities if level >= least), SeverityNumber.DEBUG)
