"""Traces of what runs: a port that the engine calls, and its implementation with OpenTelemetry."""

from dbos_typed.telemetry.opentelemetry import OpenTelemetryTracer
from dbos_typed.telemetry.port import NO_TRACER, Attributes, NoTracer, OperationKind, Tracer

__all__ = ["NO_TRACER", "Attributes", "NoTracer", "OpenTelemetryTracer", "OperationKind", "Tracer"]
