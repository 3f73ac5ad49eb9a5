"""The admin interface among clients that mean no good: a clear status, in bounded time, on not too many threads."""

import json
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from dbos_typed import DBOS, Queue
from dbos_typed.api.managing import Managing
from dbos_typed.api.services import services
from dbos_typed.integrations.admin import AdminServer, connections
from tests.integrations.conftest import PATIENCE_SECONDS

HOST = b"Host: localhost\r\n"


@pytest.fixture
def port(launch: Callable[..., None]) -> int:
    return _served(launch)


def _served(launch: Callable[..., None], **changes: object) -> int:
    launch(run_admin_server=True, admin_port=0, **changes)
    (server,) = [service for service in services._running or [] if isinstance(service, AdminServer)]
    assert server.port is not None
    return server.port


@contextmanager
def _connected(port: int) -> Generator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as client:
        yield client


def _said(client: socket.socket) -> tuple[int, str, str]:
    """The status, the head and the body of what is answered."""
    parts: list[bytes] = []
    with suppress(ConnectionResetError):
        while part := client.recv(65_536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return int(head.split()[1]) if head else 0, head.decode(), body.decode()


def _ask(port: int, request: bytes) -> tuple[int, str, str]:
    with _connected(port) as client:
        client.sendall(request)
        return _said(client)


def _is_served(port: int) -> bool:
    return _ask(port, b"GET /dbos-healthz HTTP/1.1\r\n" + HOST + b"\r\n")[0] == 200


def _threads() -> int:
    return sum("process_request_thread" in thread.name for thread in threading.enumerate())


def _post(length: bytes, body: bytes = b"", more: bytes = b"") -> bytes:
    start = b"POST /dbos-workflow-recovery HTTP/1.1\r\n" + HOST
    return start + b"Content-Length: " + length + b"\r\n" + more + b"\r\n" + body


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (_post(b"-1"), 400),
        (_post(b"+2", b"[]"), 400),
        (_post(b"1e3"), 400),
        (_post(b"0x2", b"[]"), 400),
        (_post(b"\xb2", b"[]"), 400),
        (_post(b""), 400),
        (_post(b"2", b"[]", b"Content-Length: 2\r\n"), 400),
        (_post(b"2", b"[]", b"Content-Length: 40\r\n"), 400),
        (_post(b"2", b"[]", b"Transfer-Encoding: chunked\r\n"), 411),
        (b"POST /deactivate HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (_post(b"2", b"[]"), 200),
        (_post(b"002", b"[]"), 200),
        (_post(b"200000", 100_000 * b"[]"), 400),
        (_post(b"200000", 200_000 * b"["), 400),
        (_post(b"200000", 200_000 * b"7"), 400),
        (_post(b"200005", b'{"a":' + 200_000 * b"["), 400),
        (_post(b"4", b"\xff\xfe\x00\xd8"), 400),
        (b"GET /workflows?limit=" + 6000 * b"9" + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /workflows?limit=" + 600 * b"9" + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET /workflows?offset=" + 600 * b"9" + b" HTTP/1.1\r\n" + HOST + b"\r\n", 200),
        (b"GET /workflows/%00 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /workflows/%ed%a0%80 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /workflows/" + 5000 * b"x" + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET http://[ HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /" + 70_000 * b"x" + b" HTTP/1.1\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nX: " + 70_000 * b"x" + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + 90 * (b"X: " + 1000 * b"x" + b"\r\n") + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + 200 * b"X: x\r\n" + b"\r\n", 431),
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"BREW /workflows HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"DELETE /workflows/w HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    ],
)
def test_absurd_requests_have_a_clear_status(port: int, request_bytes: bytes, status: int) -> None:
    begun = time.monotonic()
    found, head, body = _ask(port, request_bytes)
    assert found == status, (head, body)
    assert time.monotonic() - begun < 5
    if status >= 400:
        assert len(json.loads(body)["error"]) in range(10, 1000)
    assert _is_served(port)


@pytest.mark.parametrize(
    ("length", "status"),
    [(b"1000001", 413), (b"999999999999", 413), (b"9" * 5000, 413), (b"-5", 400), (b"x", 400), (b"2, 2", 400)],
)
def test_absurd_length_is_refused_at_once(port: int, length: bytes, status: int) -> None:
    begun = time.monotonic()
    with _connected(port) as client:
        # The rest of the body never comes, and the client does not hang up.
        client.sendall(_post(length, b"x" * 1000))
        found, _, body = _said(client)
        # The connection is over as well: what was said has ended.
        assert client.recv(1) == b""
    assert time.monotonic() - begun < 5
    assert (found, "exceeds" in body) == (status, status == 413)


@pytest.mark.parametrize("token", [None, "secret"])
def test_refusal_reaches_a_client_that_sends_on(launch: Callable[..., None], token: str | None) -> None:
    port = _served(launch, admin_token=token)
    body = b"x" * 4_000_000
    found, _, _ = _ask(port, _post(str(len(body)).encode(), body))
    assert found == (413 if token is None else 401)


def test_body_that_ends_early_is_not_taken_for_a_whole_one(port: int) -> None:
    with _connected(port) as client:
        client.sendall(_post(b"100", b"[]"))
        client.shutdown(socket.SHUT_WR)
        assert _said(client)[0] == 400


@pytest.mark.parametrize("drip", [b"x", b""])
@pytest.mark.parametrize("start", [b"GET / HT", b"GET / HTTP/1.1\r\nX: ", _post(b"1000"), b""])
def test_slow_client_is_hung_up_on_in_time(
    port: int, monkeypatch: pytest.MonkeyPatch, start: bytes, drip: bytes
) -> None:
    monkeypatch.setattr(connections.Arriving.__init__, "__defaults__", (0.6,))
    begun = time.monotonic()
    with _connected(port) as client:
        client.sendall(start)
        client.settimeout(0.1)
        told = b""
        while time.monotonic() - begun < PATIENCE_SECONDS:
            try:
                part = client.recv(4096)
            except TimeoutError:
                client.sendall(drip)
                continue
            except ConnectionResetError:
                break
            told += part
            if not part:
                break
    assert 0.5 < time.monotonic() - begun < 5
    assert told.startswith(b"HTTP/1.0 408 ")
    assert _is_served(port)


def test_flood_of_slow_clients_keeps_nobody_out(port: int) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(_connected(port)) for _ in range(connections.MAX_CONNECTIONS * 3)]
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(5):
            assert _is_served(port)
        assert _threads() <= connections.MAX_CONNECTIONS + 2
        # Those that came first have made room.
        assert _said(slow[0])[0] == 0


def test_more_than_can_be_served_are_told_so(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()

    def wait(*_: object, **__: object) -> object:
        assert gate.wait(PATIENCE_SECONDS)
        return None

    monkeypatch.setattr(Managing, "get_workflow_status", wait)
    request = b"GET /workflows/w HTTP/1.1\r\n" + HOST + b"\r\n"
    with ExitStack() as stack:
        try:
            busy = [stack.enter_context(_connected(port)) for _ in range(connections.MAX_CONNECTIONS)]
            for client in busy:
                client.sendall(request)
            (server,) = [service for service in services._running or [] if isinstance(service, AdminServer)]
            assert server._server is not None
            served = server._server.connections
            deadline = time.monotonic() + PATIENCE_SECONDS
            while any(served._open.values()) or len(served._open) < connections.MAX_CONNECTIONS:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            status, head, _ = _ask(port, b"")
            assert (status, "Retry-After" in head) == (503, True)
            assert _threads() <= connections.MAX_CONNECTIONS
        finally:
            gate.set()
        assert {_said(client)[0] for client in busy} == {404}
    assert _is_served(port)


def test_connections_are_not_kept(port: int) -> None:
    with _connected(port) as client:
        client.sendall(2 * (b"GET /dbos-healthz HTTP/1.1\r\n" + HOST + b"Connection: keep-alive\r\n\r\n"))
        _, head, body = _said(client)
    assert head.count("HTTP/1.0 200") == 1
    assert "HTTP/1.0" not in body


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("is_legacy", [False, True])
def test_reading_methods_change_nothing(launch: Callable[..., None], method: bytes, is_legacy: bool) -> None:
    port = _served(launch, admin_legacy=is_legacy)
    queue = Queue("q", polling_interval_sec=0.001)

    @DBOS.workflow()
    def work() -> str:
        return "done"

    status, head, _ = _ask(port, method + b" /deactivate HTTP/1.1\r\n" + HOST + b"\r\n")
    handle = queue.enqueue(work)
    if is_legacy and method == b"GET":
        assert status == 200
        with pytest.raises(TimeoutError):
            handle.get_result(0.2)
        return
    assert (status, "Allow: POST" in head) == (405, True)
    assert handle.get_result(PATIENCE_SECONDS) == "done"
    for path in (b"/dbos-workflow-recovery", b"/workflows/w/cancel", b"/workflows/w/resume", b"/workflows/w/fork"):
        status, head, _ = _ask(port, method + b" " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert (status, "Allow: POST" in head) == (405, True)
