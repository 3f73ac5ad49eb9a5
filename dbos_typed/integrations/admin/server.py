"""The HTTP server of the admin interface."""

from __future__ import annotations

import hmac
import json
import selectors
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socket import AF_INET6
from typing import ClassVar, cast

from dbos_typed.api.observing import logger
from dbos_typed.config import Settings
from dbos_typed.core.health import ServiceHealth
from dbos_typed.integrations.admin.routes import (
    BAD_REQUEST,
    HEALTH_PATH,
    INTERNAL_SERVER_ERROR,
    Answer,
    answer,
)
from dbos_typed.runtime.services.supervision import ServiceThread
from dbos_typed.runtime.waker import Waker

UNAUTHORIZED = 401
FORBIDDEN = 403
PAYLOAD_TOO_LARGE = 413
MAX_BODY_BYTES = 1_000_000
MAX_PASSED_OVER_BYTES = 10 * MAX_BODY_BYTES
READ_SECONDS = 30.0
"""A client that sends nothing for this long is hung up on."""


class AdminServer:
    """Serves the admin interface on threads until it is stopped.

    A port that is in use is logged and leaves the interface out; the engine does not depend on it.
    """

    is_intake = False

    def __init__(self, settings: Settings) -> None:
        self._host = settings.admin_host
        self._port = settings.admin_port
        self._token = settings.admin_token
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
    guard: Guard


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
    timeout: ClassVar[float | None] = READ_SECONDS

    def do_GET(self) -> None:
        self._serve("GET")

    def do_HEAD(self) -> None:
        self._serve("GET", has_body=False)

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class calls it so
        logger.debug("Admin interface: " + format, *args)

    def _serve(self, method: str, *, has_body: bool = True) -> None:
        guard = cast("_Server", self.server).guard
        result = guard(self.path.partition("?")[0], self.headers)
        if result is None:
            result = self._answer(method, is_trusted=guard.is_trusted(self.headers))
        self._send(result, has_body=has_body)

    def _pass_over(self, length: int) -> None:
        """Read a body that is refused, as far as it is worth it: a client that still sends does not see the answer."""
        remaining = min(length, MAX_PASSED_OVER_BYTES)
        while remaining > 0 and (part := self.rfile.read(min(remaining, 65_536))):
            remaining -= len(part)

    def _answer(self, method: str, *, is_trusted: bool) -> Answer:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            return Answer(status=BAD_REQUEST, document={"error": "Content-Length is no number."})
        if int(length) > MAX_BODY_BYTES:
            self._pass_over(int(length))
            return Answer(status=PAYLOAD_TOO_LARGE, document={"error": f"The body exceeds {MAX_BODY_BYTES} bytes."})
        try:
            return answer(method, self.path, self.rfile.read(int(length)), is_trusted=is_trusted)
        except Exception:  # noqa: BLE001  # logged; the client gets an answer and the server goes on
            logger.exception("The admin interface could not answer %s %s.", method, self.path)
            return Answer(
                status=INTERNAL_SERVER_ERROR, document={"error": "Something failed; the log of the process says what."}
            )

    def _send(self, result: Answer, *, has_body: bool) -> None:
        body = b""
        self.send_response(result.status)
        if result.text is not None:
            body = result.text.encode()
            self.send_header("Content-Type", "text/plain; charset=utf-8")
        elif result.document is not None:
            body = json.dumps(result.document).encode()
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if has_body:
            self.wfile.write(body)
