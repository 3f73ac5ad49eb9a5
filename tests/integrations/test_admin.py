import http.client
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

import pytest

from dbos_typed import DBOS, Queue, SetWorkflowID
from dbos_typed.api.services import services
from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.core.writes import Beat, Heartbeat
from dbos_typed.integrations.admin import AdminServer
from dbos_typed.integrations.admin.server import Guard, is_loopback
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from dbos_typed.runtime.services import supervision
from tests.integrations.conftest import PATIENCE_SECONDS, make_pending


class Admin:
    """A client of the admin interface."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """The status and the body: decoded when it is JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            sent = body if isinstance(body, bytes) or body is None else json.dumps(body)
            connection.request(method, path, sent, dict(headers or {}))
            response = connection.getresponse()
            text = response.read().decode()
            is_json = response.getheader("Content-Type") == "application/json"
            return response.status, json.loads(text) if is_json and text else text
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, Any]:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None) -> tuple[int, Any]:
        return self.ask("POST", path, body)


def _serve(launch: Callable[..., None], **changes: object) -> Admin:
    launch(run_admin_server=True, admin_port=_free_port(), **changes)
    (server,) = [service for service in services._running or [] if isinstance(service, AdminServer)]
    assert server.port is not None
    return Admin(server.port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def admin(launch: Callable[..., None]) -> Admin:
    return _serve(launch)


@pytest.fixture
def greeted() -> str:
    """The id of a finished workflow."""

    @DBOS.step()
    def choose(name: str) -> str:
        return f"hello {name}"

    @DBOS.workflow(name="greet")
    def greet(name: str, *, times: int = 1) -> str:
        return " ".join([choose(name)] * times)

    with SetWorkflowID("w/1"):
        greet("ann", times=2)
    return "w/1"


def test_health_tells_of_services_and_database(admin: Admin) -> None:
    status, health = admin.get("/dbos-healthz")
    assert (status, health["status"]) == (200, "healthy")
    assert (health["executor_id"], health["app_version"], health["running_workflows"]) == ("here", "1", 0)
    assert {service["name"] for service in health["services"]} == {
        "dbos-journal-0",
        "dbos-watcher",
        "dbos-ownership",
        "dbos-heartbeat",
        "dbos-queues",
        "dbos-scheduler",
        "dbos-admin",
    }
    for service in health["services"]:
        assert (service["is_alive"], service["is_failing"], service["restarts"]) == (True, False, 0)
    assert health["database"]["last_reached_at"] is not None
    assert health["database"]["unavailable_since"] is None
    assert admin.ask("HEAD", "/dbos-healthz") == (200, "")


def test_health_without_the_token_tells_the_status_alone(launch: Callable[..., None]) -> None:
    admin = _serve(launch, admin_token="secret")
    assert admin.get("/dbos-healthz") == (200, {"status": "healthy"})
    assert admin.ask("GET", "/dbos-healthz", headers={"Authorization": "Bearer wrong"})[1] == {"status": "healthy"}
    told = admin.ask("GET", "/dbos-healthz", headers={"Authorization": "Bearer secret"})[1]
    assert (told["status"], told["executor_id"]) == ("healthy", "here")


def test_service_that_fails_is_told_until_it_has_recovered(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = _runtime()
    monkeypatch.setattr(supervision, "SETTLED_SECONDS", 0.2)
    beat, fails = runtime._heartbeat._beat, [OSError("no beat")]

    def failing(heartbeat: Heartbeat) -> Beat:
        if fails:
            raise fails[0]
        return beat(heartbeat)

    monkeypatch.setattr(runtime._heartbeat, "_beat", failing)
    monkeypatch.setattr(runtime._heartbeat, "_due_at", 0.0)
    # The thread waits for the time of its next beat, which is far.
    runtime._beating.stop()
    runtime._beating = runtime._thread(runtime._heartbeat)
    runtime._beating.start()
    _until(lambda: admin.get("/dbos-healthz")[0] == 503)
    status, health = admin.get("/dbos-healthz")
    (failed,) = [service for service in health["services"] if service["is_failing"]]
    assert (status, health["status"]) == (503, "degraded")
    assert (failed["name"], failed["last_error"]) == ("dbos-heartbeat", "OSError: no beat")
    fails.clear()
    _until(lambda: admin.get("/dbos-healthz")[0] == 200)
    assert admin.get("/dbos-healthz")[1]["status"] == "healthy"


def test_database_that_is_away_is_degraded_and_no_reason_to_start_the_process_again(admin: Admin) -> None:
    fault = DatabaseFault(OSError("away"), FaultKind.UNAVAILABLE)
    _runtime().database.availability.transactions.failed(fault)
    status, health = admin.get("/dbos-healthz")
    assert (status, health["status"]) == (200, "degraded")
    assert health["database"]["unavailable_since"] is not None


def test_executor_that_was_deactivated_is_healthy(admin: Admin) -> None:
    DBOS.deactivate()
    assert admin.get("/dbos-healthz")[1]["status"] == "healthy"


def _runtime() -> Runtime:
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    return runtime


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_is_off_unless_asked_for(launch: Callable[..., None]) -> None:
    launch()
    assert [service for service in services._running or [] if isinstance(service, AdminServer)] == []


def test_it_is_served_to_this_machine_only(admin: Admin) -> None:
    """Older behaviour: it was served to every network, to whoever asked."""
    (server,) = [service for service in services._running or [] if isinstance(service, AdminServer)]
    assert server._server is not None
    assert server._server.server_address[0] == "127.0.0.1"


def test_it_ends_with_the_engine(admin: Admin) -> None:
    DBOS.destroy()
    with pytest.raises(ConnectionRefusedError):
        admin.get("/dbos-healthz")


def test_queues(admin: Admin) -> None:
    Queue("q1")
    Queue("q2", concurrency=1)
    Queue("q3", 2, {"limit": 5, "period": 1.5}, worker_concurrency=1)
    assert admin.get("/dbos-workflow-queues-metadata") == (
        200,
        [
            {"name": "_dbos_internal_queue"},
            {"name": "q1"},
            {"name": "q2", "concurrency": 1},
            {"name": "q3", "concurrency": 2, "workerConcurrency": 1, "rateLimit": {"limit": 5, "period": 1.5}},
        ],
    )


def test_workflows_are_listed_and_shown(admin: Admin, greeted: str) -> None:
    status, listed = admin.get("/workflows?status=SUCCESS&status=ERROR&name=greet&limit=5&sort_desc=true")
    assert status == 200
    assert [row["workflow_id"] for row in listed] == [greeted]
    status, shown = admin.get("/workflows/w%2F1")
    assert status == 200
    assert shown == listed[0]
    assert shown["input"] == {"args": ["ann"], "kwargs": {"times": 2}}
    assert (shown["output"], shown["status"], shown["error"]) == ("hello ann hello ann", "SUCCESS", None)
    assert admin.get("/workflows?status=ERROR") == (200, [])


def test_failed_workflow_shows_its_error(admin: Admin) -> None:
    @DBOS.workflow()
    def fail() -> None:
        raise ValueError("no funds")

    with SetWorkflowID("w"), pytest.raises(ValueError, match="no funds"):
        fail()
    assert admin.get("/workflows/w")[1]["error"] == {"type": "ValueError", "message": "no funds"}


class _SilentError(Exception):
    """Its text cannot be made."""

    def __str__(self) -> str:
        raise AttributeError("silent")


def test_unreadable_rows_are_shown(admin: Admin, greeted: str, sqlite_database_url: str) -> None:
    @DBOS.workflow()
    def silent() -> None:
        raise _SilentError

    for workflow_id in ("w2", "w3", "w4"):
        with SetWorkflowID(workflow_id):
            assert DBOS.fork_workflow(greeted, 1).get_result(PATIENCE_SECONDS) == "hello ann hello ann"
    with SetWorkflowID("silent"), pytest.raises(_SilentError):
        silent()
    with closing(sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"))) as database, database:
        database.execute("UPDATE dbos_workflows SET status = 'DELAYED' WHERE workflow_id = 'w2'")
        database.execute("UPDATE dbos_workflows SET auth_roles = '[', created_at = 'x' WHERE workflow_id = 'w3'")
        database.execute("UPDATE dbos_workflows SET inputs = x'00ff', output = x'00' WHERE workflow_id = 'w4'")
        database.execute("UPDATE dbos_steps SET kind = 'telepathy', started_at = 'x' WHERE workflow_id = 'w2'")
        database.execute("UPDATE dbos_steps SET output = x'00' WHERE workflow_id = 'w4'")

    status, listed = admin.get("/workflows")
    assert status == 200
    found = {row["workflow_id"]: row for row in listed}
    assert found.keys() == {greeted, "w2", "w3", "w4", "silent"}
    assert found[greeted]["unreadable"] is None
    assert found["w2"]["status"] == "UNKNOWN"
    assert "'DELAYED'" in found["w2"]["unreadable"]
    assert (found["w3"]["created_at"], found["w3"]["authenticated_roles"]) == (None, None)
    assert "auth_roles" in found["w3"]["unreadable"]
    assert found["w4"]["input"]["text"] == r"<b'\x00\xff'>"
    assert "undecodable" in found["w4"]["output"]
    assert "AttributeError" in found["silent"]["error"]["message"]
    assert [row["workflow_id"] for row in admin.get("/workflows?status=UNKNOWN")[1]] == ["w2"]

    ((step,), (blob,)) = (admin.get(f"/workflows/{workflow_id}/steps")[1] for workflow_id in ("w2", "w4"))
    assert (step["output"], step["started_at_epoch_ms"]) == ("hello ann", None)
    assert "'telepathy'" in step["unreadable"]
    assert "undecodable" in blob["output"]
    status, answer = admin.post("/workflows/w2/resume")
    assert (status, "'DELAYED'" in answer["error"]) == (409, True)


def test_steps(admin: Admin, greeted: str) -> None:
    status, steps = admin.get("/workflows/w%2F1/steps")
    assert status == 200
    assert [(step["function_id"], step["output"], step["error"]) for step in steps] == [(1, "hello ann", None)]


def test_cancel_and_resume(admin: Admin) -> None:
    gate = threading.Event()

    @DBOS.workflow()
    def patient() -> str:
        assert gate.wait(PATIENCE_SECONDS)
        DBOS.set_event("passed", 1)
        return "done"

    handle = DBOS.start_workflow(patient)
    assert admin.post(f"/workflows/{handle.workflow_id}/cancel") == (204, "")
    assert handle.get_status().status == "CANCELLED"
    gate.set()
    assert admin.post(f"/workflows/{handle.workflow_id}/resume") == (204, "")
    assert DBOS.retrieve_workflow(handle.workflow_id).get_result(PATIENCE_SECONDS) == "done"


def test_restart_and_fork(admin: Admin, greeted: str) -> None:
    assert admin.post("/workflows/w%2F1/restart") == (204, "")
    status, forked = admin.post("/workflows/w%2F1/fork", {"start_step": 2})
    assert status == 200
    assert DBOS.retrieve_workflow(forked["workflow_id"]).get_result(PATIENCE_SECONDS) == "hello ann hello ann"
    assert len(DBOS.list_workflows()) == 3


def test_recovery_names_what_was_recovered(admin: Admin, greeted: str, sqlite_database_url: str) -> None:
    make_pending(sqlite_database_url, executor_id="other")

    assert admin.post("/dbos-workflow-recovery", ["nobody"]) == (200, [])
    assert admin.post("/dbos-workflow-recovery", ["other"]) == (200, [greeted])
    assert DBOS.retrieve_workflow(greeted).get_result(PATIENCE_SECONDS) == "hello ann hello ann"


def test_deactivated_executor_takes_nothing_from_queues(admin: Admin) -> None:
    queue = Queue("q", polling_interval_sec=0.001)

    @DBOS.workflow()
    def work() -> str:
        return "done"

    assert queue.enqueue(work).get_result(PATIENCE_SECONDS) == "done"
    assert admin.post("/deactivate") == (200, "deactivated")
    assert admin.post("/deactivate") == (200, "deactivated")
    handle = queue.enqueue(work)
    with pytest.raises(TimeoutError):
        handle.get_result(0.05)
    assert work() == "done"


@pytest.mark.parametrize("action", ["", "/steps"])
def test_reading_an_unknown_workflow_is_not_found(admin: Admin, action: str) -> None:
    status, body = admin.get(f"/workflows/nobody{action}")
    assert status == 404
    assert "nobody" in body["error"]


@pytest.mark.parametrize("action", ["cancel", "resume", "restart", "fork"])
def test_steering_an_unknown_workflow_is_not_found(admin: Admin, action: str) -> None:
    status, body = admin.post(f"/workflows/nobody/{action}")
    assert status == 404
    assert "nobody" in body["error"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "reason"),
    [
        ("GET", "/stuff", None, 404, "nothing at"),
        ("POST", "/stuff", None, 404, "nothing at"),
        ("GET", "/dbos-workflow-recovery", None, 405, "not possible"),
        ("POST", "/dbos-workflow-recovery", {"a": 1}, 400, "list of executor ids"),
        ("POST", "/dbos-workflow-recovery", [1], 400, "list of executor ids"),
        ("POST", "/dbos-workflow-recovery", b"{", 400, "no JSON"),
        ("POST", "/workflows/w/fork", [1], 400, "JSON object"),
        ("POST", "/workflows/w/fork", {"step": 1}, 400, "start_step"),
        ("POST", "/workflows/w/fork", {"start_step": "1"}, 400, "whole number"),
        ("GET", "/workflows?statsu=ERROR", None, 400, "statsu"),
        ("GET", "/workflows?status=GONE", None, 400, "GONE"),
        ("GET", "/workflows?limit=-1", None, 400, "limit"),
        ("GET", "/workflows?sort_desc=up", None, 400, "true or false"),
        ("GET", "/workflows?start_time=now", None, 400, "start_time"),
        ("POST", "/dbos-workflow-recovery", b"x" * 1_000_001, 413, "exceeds"),
    ],
)
def test_bad_requests_are_explained(
    admin: Admin, method: str, path: str, body: object, status: int, reason: str
) -> None:
    found, answer = admin.ask(method, path, body)
    assert (found, reason in answer["error"]) == (status, True), answer


def test_token_is_required_where_one_is_set(launch: Callable[..., None]) -> None:
    admin = _serve(launch, admin_token="secret")
    assert admin.get("/workflows")[0] == 401
    assert admin.ask("GET", "/workflows", headers={"Authorization": "Bearer wrong"})[0] == 401
    assert admin.ask("GET", "/workflows", headers={"Authorization": "Bearer secret"}) == (200, [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example:3001"},
    ],
)
def test_web_pages_are_refused_without_a_token(admin: Admin, headers: dict[str, str]) -> None:
    assert admin.ask("POST", "/deactivate", headers=headers)[0] == 403


def test_served_to_all_without_a_token_is_warned_about(
    launch: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    admin = _serve(launch, admin_host="0.0.0.0")  # noqa: S104  # what the warning is about
    assert "open to everybody" in caplog.text
    assert admin.ask("GET", "/dbos-healthz", headers={"Host": "shop.example"})[0] == 200


def test_port_in_use_is_logged_and_the_engine_goes_on(
    launch: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        launch(run_admin_server=True, admin_port=other.getsockname()[1])
    assert "cannot be served" in caplog.text
    assert DBOS.list_workflows() == []


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("shop.example", False)],  # noqa: S104  # an address like another
)
def test_loopback_addresses_are_known(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


def test_guard_reads_addresses_in_brackets() -> None:
    headers = http.client.HTTPMessage()
    headers["Host"] = "[::1]:3001"
    assert Guard(None, is_local=True)("/workflows", headers) is None
