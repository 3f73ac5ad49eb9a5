"""Spans and logs are sent to collectors; in processes of their own, since OpenTelemetry's provider is set once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

_APPLICATION = """
from dbos_typed import DBOS

@DBOS.workflow()
def checkout():
    DBOS.logger.warning("the basket is %s", "empty")

for _ in range(2):
    DBOS(config={config!r})
    DBOS.launch()
    checkout()
    DBOS.destroy()
"""


class Collector:
    """An OpenTelemetry collector that keeps what it is sent."""

    def __init__(self) -> None:
        self.traces = ExportTraceServiceRequest()
        self.logs = ExportLogsServiceRequest()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                received = collector.traces if self.path == "/v1/traces" else collector.logs
                received.MergeFromString(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


def _run(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _texts(attributes: "Iterator[KeyValue]") -> dict[str, str]:
    return {each.key: each.value.string_value for each in attributes}


def test_spans_and_logs_are_sent_to_the_configured_collectors(collector: Collector, sqlite_database_url: str) -> None:
    config = {
        "name": "shop",
        "database_url": sqlite_database_url,
        "application_version": "1",
        "otlp_traces_endpoints": [f"{collector.url}/v1/traces"],
        "otlp_logs_endpoints": [f"{collector.url}/v1/logs"],
        "otlp_attributes": {"region": "north"},
    }
    _run(_APPLICATION.format(config=config))

    resource = _texts(iter(collector.traces.resource_spans[0].resource.attributes))
    assert (resource["service.name"], resource["region"]) == ("shop", "north")
    spans = [span for r in collector.traces.resource_spans for scope in r.scope_spans for span in scope.spans]
    assert [span.name for span in spans] == ["checkout", "checkout"]
    assert _texts(iter(spans[0].attributes))["applicationVersion"] == "1"

    logs = [log for r in collector.logs.resource_logs for scope in r.scope_logs for log in scope.log_records]
    found = [log for log in logs if log.body.string_value == "the basket is empty"]
    assert [log.severity_text for log in found] == ["WARNING", "WARNING"]
    # A log line belongs to the span in which it was written.
    assert found[0].span_id == spans[0].span_id


def test_missing_exporter_is_named(sqlite_database_url: str) -> None:
    _run(f"""
import sys
sys.modules["opentelemetry.exporter"] = None
from dbos_typed import DBOS
from dbos_typed.error import DBOSInitializationError
DBOS(config={{"name": "shop", "database_url": {sqlite_database_url!r}, "enable_otlp": True}})
try:
    DBOS.launch()
except DBOSInitializationError as error:
    assert "dbos-typed[otel]" in str(error), error
else:
    raise AssertionError("it was launched")
""")


def test_the_application_s_own_provider_is_left_alone(collector: Collector, sqlite_database_url: str) -> None:
    config = {
        "name": "shop",
        "database_url": sqlite_database_url,
        "otlp_traces_endpoints": [f"{collector.url}/v1/traces"],
    }
    own = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
"""
    check = "\nassert len(exporter.get_finished_spans()) == 2\nassert trace.get_tracer_provider() is provider\n"
    _run(own + _APPLICATION.format(config=config) + check)
    assert list(collector.traces.resource_spans) == []
