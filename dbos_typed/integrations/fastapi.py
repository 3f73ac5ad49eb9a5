"""FastAPI and Starlette: the engine lives as long as the application, and handlers run in its context."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from starlette.applications import Starlette
from starlette.authentication import BaseUser
from starlette.datastructures import Headers as StarletteHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketClose

from dbos_typed.api.handling import (
    BAD_REQUEST,
    IDEMPOTENCY_HEADER,
    INTERNAL_SERVER_ERROR,
    answered,
    error_response,
    handling,
    request_key,
)
from dbos_typed.core.idempotency import Login
from dbos_typed.core.request import Address, Headers, Request, RequestSource
from dbos_typed.error import DBOSException

POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011
LONGEST_REASON = 123
"""Bytes."""


def attach(app: Starlette, *, launch: Callable[[], None], destroy: Callable[[], None]) -> None:
    """Launch and destroy the engine with the application, and run its handlers in the engine's context.

    The application's own lifespan is kept: its resources exist before workflows are recovered and until they stopped.
    TypeError: it is no such application.
    """
    if not isinstance(cast("object", app), Starlette):
        msg = f"DBOS(fastapi=…) was given {app!r}; give the FastAPI or Starlette application."
        raise TypeError(msg)
    if any(cast("object", middleware.cls) is DBOSMiddleware for middleware in app.user_middleware):
        return
    app.add_middleware(DBOSMiddleware, launch=launch, destroy=destroy)
    app.add_exception_handler(DBOSException, _answer_error)


class DBOSMiddleware:
    """ASGI middleware around an application."""

    def __init__(self, app: ASGIApp, launch: Callable[[], None], destroy: Callable[[], None]) -> None:
        self._app = app
        self._launch = launch
        self._destroy = destroy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application for one scope."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        else:
            await self._handle(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_and_destroy() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self._destroy)
            return message

        async def launch_and_send(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                # On the loop: nothing is served before it, and what else runs there finds the application ready.
                self._launch()
            await send(message)

        await self._app(scope, receive_and_destroy, launch_and_send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = StarletteHeaders(scope=scope)
            # A web socket begins as a GET request.
            method = scope.get("method", "GET")
            assigned = request_key(headers.get(IDEMPOTENCY_HEADER), method, scope["path"], lambda: _login(scope))
        except ValueError as error:
            if scope["type"] == "websocket":
                await WebSocketClose(POLICY_VIOLATION, _reason(str(error)))(scope, receive, send)
            else:
                await JSONResponse({"message": str(error)}, BAD_REQUEST)(scope, receive, send)
            return

        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered(message["status"])
            await send(message)

        with handling(RequestSource(lambda: _request(scope)), assigned) as is_traced:
            await self._app(scope, receive, note_and_send if is_traced else send)


def _login(scope: Scope) -> Login:
    """Whom the middleware of Starlette has authenticated, and the credentials of the request."""
    user = scope.get("user")
    name: str | None = None
    if isinstance(user, BaseUser) and user.is_authenticated:
        try:
            name = user.identity
        except NotImplementedError:  # Starlette's own SimpleUser has none
            name = user.display_name
    return Login(user=name, authorization=StarletteHeaders(scope=scope).get("authorization"))


def _request(scope: Scope) -> Request:
    request = HTTPConnection(scope)
    return Request(
        headers=Headers(request.headers),
        path_params={name: str(value) for name, value in request.path_params.items()},
        query_params=dict(request.query_params),
        url=str(request.url),
        base_url=str(request.base_url),
        client=None if request.client is None else Address(*request.client),
        cookies=request.cookies,
        # A web socket begins as a GET request.
        method=scope.get("method", "GET"),
    )


async def _answer_error(connection: HTTPConnection, error: Exception) -> JSONResponse:
    status, body = error_response(error)  # type: ignore[arg-type]  # registered for DBOSException alone
    if isinstance(connection, WebSocket):
        code = POLICY_VIOLATION if status < INTERNAL_SERVER_ERROR else INTERNAL_ERROR
        await connection.close(code, _reason(body["message"]))
    return JSONResponse(body, status)


def _reason(message: str) -> str:
    """As much of a message as the frame that closes a web socket may hold."""
    return message.encode()[:LONGEST_REASON].decode(errors="ignore")
