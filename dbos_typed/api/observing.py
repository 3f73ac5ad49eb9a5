"""The logger, and sending logs and traces to where the configuration says."""

from __future__ import annotations

import logging
import sys
from importlib import import_module

from dbos_typed.config import Settings
from dbos_typed.error import DBOSInitializationError

logger = logging.getLogger("dbos_typed")


def observe(settings: Settings) -> None:
    """Begin to send what happens to the configured collectors. DBOSInitializationError: the exporters are missing."""
    if not settings.enable_otlp:
        return
    try:
        # The exporters are optional and take long to import.
        exporting = import_module("dbos_typed.telemetry.exporting")
    except ImportError as error:
        msg = f"OTLP is enabled and {error.name} is not installed: pip install 'dbos-typed[otel]'."
        raise DBOSInitializationError(msg) from error
    attributes = {"service.name": settings.name, **settings.otlp_attributes}
    exporting.export_traces(settings.otlp_traces_endpoints, attributes, logger)
    exporting.export_logs(settings.otlp_logs_endpoints, attributes, logger)


def stop_observing() -> None:
    """Send what is gathered. Idempotent."""
    exporting = sys.modules.get("dbos_typed.telemetry.exporting")
    if exporting is not None:
        exporting.flush()
