"""The HTTP server of the admin interface."""

from __future__ import annotations

import contextlib
import hmac
import io
import json
import selectors
import threading
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET6
from typing import Any, cast

from dbos_typed.api.observing import logger
from dbos_typed.config import Settings
from dbos_typed.core.health import ServiceHealth
from dbos_typed.integrations.admin.body import BodyRefusedError, has_body, read_body
from dbos_typed.integrations.admin.connections import (
    MAX_CONNECTIONS,
    MAX_HEAD_BYTES,
    READ_SECONDS,
    Arriving,
    Connections,
    HeadTooLargeError,
)
from dbos_typed.integrations.admin.port import Administration
from dbos_typed.integrations.admin.routes import HEALTH_PATH, INTERNAL_SERVER_ERROR, Answer, answer, problem
from dbos_typed.runtime.services.supervision import ServiceThread
from dbos_typed.runtime.waker import Waker

UNAUTHORIZED = 401
FORBIDDEN = 403
REQUEST_TIMEOUT = 408
HEADERS_TOO_LARGE = 431
WRITE_SECONDS = 30.0
"""In which a client must have taken the answer."""
BUSY = b"HTTP/1.0 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
"""Said to whom there is no thread for."""


class AdminServer:
    """Serves the admin interface on threads until it is stopped.

    A port that is in use is logged and leaves the interface out; the engine does not depend on it.
    """

    is_intake = False

    def __init__(self, settings: Settings, engine: Administration) -> None:
        self._engine = engine
        self._host = settings.admin_host
        self._port = settings.admin_port
        self._token = settings.admin_token
        self._is_legacy = settings.admin_legacy
        self._server: _Server | None = None
        self._thread: ServiceThread | None = None

    @property
    def port(self) -> int | None:
        """The port on which it serves; None: it does not."""
        return None if self._server is None else self._server.server_address[1]

    def start(self) -> None:
        is_local = is_loopback(self._host)
        if self._token is None and not is_local:
            logger.warning(
                "The admin interface is open to everybody who reaches %s:%d. Set admin_token, or leave out admin_host "
                "to serve this machine only.",
                self._host,
                self._port,
            )
        family = AF_INET6 if ":" in self._host else ThreadingHTTPServer.address_family
        server_class = type("_BoundServer", (_Server,), {"address_family": family})
        try:
            self._server = server_class((self._host, self._port), _Handler)
        except OSError as error:
            logger.error(
                "The admin interface cannot be served on %s:%d: %s. Choose another admin_port.",
                self._host,
                self._port,
                error,
            )
            return
        self._server.guard = Guard(self._token, is_local=is_local)
        self._server.engine = self._engine
        self._server.is_legacy = self._is_legacy
        self._thread = ServiceThread(_Serving(self._server), logger)
        self._thread.start()
        logger.debug("The admin interface is served on %s:%s.", self._host, self.port)

    def stop(self) -> None:
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            thread.stop()
            server.server_close()

    def health(self) -> ServiceHealth | None:
        return None if self._thread is None else self._thread.health()


class Guard:
    """Decides who may ask."""

    def __init__(self, token: str | None, *, is_local: bool) -> None:
        """`is_local`: served to this machine only, so other names of the host are a sign of DNS rebinding."""
        self._token = token
        self._is_local = is_local

    def __call__(self, path: str, headers: Message) -> Answer | None:
        """Why a request is refused; None: it is not."""
        if self._token is None:
            return self._refuse_web_pages(headers)
        # Health checks carry no token, and learn no more than whether all is well.
        if path == HEALTH_PATH or self.is_trusted(headers):
            return None
        return Answer(status=UNAUTHORIZED, document={"error": "Send the header Authorization: Bearer <admin_token>."})

    def is_trusted(self, headers: Message) -> bool:
        """Whether the request may learn everything: it carries the token, or there is none."""
        given = headers.get("Authorization", "")
        return self._token is None or hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())

    def _refuse_web_pages(self, headers: Message) -> Answer | None:
        """Keep web pages in a browser on this machine from steering workflows."""
        is_foreign = headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
        is_foreign = is_foreign or (headers.get("Origin") is not None and headers.get("Sec-Fetch-Site") is None)
        if self._is_local and not is_loopback(_host_of(headers.get("Host", "localhost"))):
            is_foreign = True
        if not is_foreign:
            return None
        return Answer(status=FORBIDDEN, document={"error": "Requests of web pages are refused while no token is set."})


def is_loopback(host: str) -> bool:
    """Whether a host name or address is of this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host_of(header: str) -> str:
    return header.partition("]")[0].lstrip("[") if header.startswith("[") else header.partition(":")[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Whoever asks it to handle a request knows that there is one.
    timeout: float | None = 0.0
    request_queue_size = MAX_CONNECTIONS
    guard: Guard
    engine: Administration
    is_legacy: bool

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.connections = Connections()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # the base class has them so
        if self.connections.admit(request):
            super().process_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            request.settimeout(READ_SECONDS)
            request.sendall(BUSY)
        self.shutdown_request(request)

    def close_request(self, request: Any) -> None:  # noqa: ANN401  # the base class has it so
        self.connections.release(request)
        super().close_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        del request  # closed already
        # A client that hangs up, mostly; what failed in answering is logged where it is answered.
        logger.debug("Admin interface: the connection of %s ended early.", client_address, exc_info=True)


class _Serving:
    """Accepts requests; each is answered on a thread of its own."""

    name = "dbos-admin"

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._waker: Waker | None = None

    def run(self, stop: threading.Event) -> None:
        with Waker() as self._waker, selectors.DefaultSelector() as selector:
            selector.register(self._server, selectors.EVENT_READ)
            selector.register(self._waker, selectors.EVENT_READ)
            while not stop.is_set():
                selector.select()
                if not stop.is_set():
                    self._server.handle_request()

    def wake(self) -> None:
        if self._waker is not None:
            self._waker.wake()


class _Handler(BaseHTTPRequestHandler):
    # Answers have a head, also those to what is no request.
    default_request_version = "HTTP/1.0"

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self._arriving = Arriving(self.connection)
        self.rfile = io.BufferedReader(self._arriving)
        # For an answer to what is no request.
        self.requestline, self.command, self.request_version = "", "", self.default_request_version

    def handle_one_request(self) -> None:
        """Answer the one request of the connection; whatever is wrong with it is told as JSON too."""
        self.close_connection = True
        try:
            # As the base class does, which would keep the reason of a failure to itself.
            self.raw_requestline = self.rfile.readline(MAX_HEAD_BYTES + 1)
            if self.raw_requestline and self.parse_request():
                self.close_connection = True
                self._serve()
        except TimeoutError:
            self._send(problem(REQUEST_TIMEOUT, f"The request must arrive within {READ_SECONDS:.0f} seconds."))
        except HeadTooLargeError:
            self._send(problem(HEADERS_TOO_LARGE, f"Request line and headers exceed {MAX_HEAD_BYTES} bytes."))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Tell what the base class finds wrong with a request."""
        del explain
        self._send(problem(code, f"{message or HTTPStatus(code).phrase}."))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class calls it so
        logger.debug("Admin interface: " + format, *args)

    @property
    def _owner(self) -> _Server:
        return cast("_Server", self.server)

    def _serve(self) -> None:
        guard = self._owner.guard
        refused = guard(self.path.partition("?")[0], self.headers)
        found = self._read() if refused is None else refused
        if isinstance(found, bytes):
            self._send(self._answer(guard, found))
            return
        self._send(found)
        if has_body(self.headers):
            self._arriving.pass_over()

    def _read(self) -> bytes | Answer:
        """The body, or why it is refused."""
        try:
            return read_body(self.headers, self.rfile, self._arriving)
        except BodyRefusedError as refusal:
            return problem(refusal.status, str(refusal))

    def _answer(self, guard: Guard, body: bytes) -> Answer:
        self._owner.connections.arrived(self.connection)
        try:
            return answer(
                self._owner.engine,
                self.command,
                self.path,
                body,
                is_trusted=guard.is_trusted(self.headers),
                is_legacy=self._owner.is_legacy,
            )
        except Exception:  # noqa: BLE001  # logged; the client gets an answer and the server goes on
            logger.exception("The admin interface could not answer %s %s.", self.command, self.path)
            return problem(INTERNAL_SERVER_ERROR, "Something failed; the log of the process says what.")

    def _send(self, result: Answer) -> None:
        # The whole answer in this time, however slowly it is taken.
        self.connection.settimeout(WRITE_SECONDS)
        body = b""
        self.send_response(result.status)
        if result.text is not None:
            body = result.text.encode()
            self.send_header("Content-Type", "text/plain; charset=utf-8")
        elif result.document is not None:
            body = json.dumps(result.document).encode()
            self.send_header("Content-Type", "application/json")
        if result.allow:
            self.send_header("Allow", ", ".join(result.allow))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
