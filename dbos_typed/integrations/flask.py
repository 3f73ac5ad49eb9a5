"""Flask: handlers run in the engine's context. `DBOS.launch()` is called by the application, before it serves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, has_request_context, jsonify
from flask import request as flask_request
from werkzeug.wrappers import Request as WsgiRequest
from werkzeug.wrappers import Response as WsgiResponse

from dbos_typed.api.handling import BAD_REQUEST, IDEMPOTENCY_HEADER, answered, error_response, handling, request_key
from dbos_typed.core.idempotency import Login
from dbos_typed.core.request import Address, Headers, Request, RequestSource
from dbos_typed.error import DBOSException

if TYPE_CHECKING:
    # Only there for type checkers.
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def attach(app: Flask) -> None:
    """Run the handlers of the application in the engine's context. TypeError: it is no Flask application."""
    if not isinstance(cast("object", app), Flask):
        msg = f"DBOS(flask=…) was given {app!r}; give the Flask application."
        raise TypeError(msg)
    if isinstance(app.wsgi_app, DBOSMiddleware):
        return
    app.wsgi_app = DBOSMiddleware(app.wsgi_app)  # type: ignore[method-assign]  # Flask documents assigning it
    app.register_error_handler(DBOSException, _answer_error)


class DBOSMiddleware:
    """WSGI middleware around an application."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Run the application for one request."""
        request = WsgiRequest(environ)
        try:
            key = request.headers.get(IDEMPOTENCY_HEADER)
            path = f"{request.root_path}{request.path}"
            assigned = request_key(key, request.method, path, lambda: _login(request))
        except ValueError as error:
            refusal = WsgiResponse(json.dumps({"message": str(error)}), BAD_REQUEST, mimetype="application/json")
            return refusal(environ, start_response)

        with handling(RequestSource(lambda: _request(request)), assigned) as is_traced:
            return self._app(environ, _noting(start_response) if is_traced else start_response)


def _noting(start_response: StartResponse) -> StartResponse:
    def note_and_start(status: str, headers: list[tuple[str, str]], *error: object) -> object:
        answered(int(status.partition(" ")[0]))
        return start_response(status, headers, *error)  # type: ignore[arg-type]  # passed on as they came

    return note_and_start  # type: ignore[return-value]  # an optional argument is spelled with a star


def _login(request: WsgiRequest) -> Login:
    """Whom the web server has authenticated, and the credentials of the request."""
    return Login(user=request.remote_user or None, authorization=request.headers.get("authorization"))


def _request(request: WsgiRequest) -> Request:
    path_params: dict[str, str] = {}
    # Flask knows them once it has routed the request.
    if has_request_context() and flask_request.environ is request.environ:
        path_params = {name: str(value) for name, value in (flask_request.view_args or {}).items()}
    client = None
    if request.remote_addr is not None:
        client = Address(request.remote_addr, int(request.environ.get("REMOTE_PORT") or 0))
    return Request(
        headers=Headers(dict(request.headers)),
        path_params=path_params,
        query_params={name: values[-1] for name, values in request.args.lists()},
        url=request.url,
        base_url=request.root_url,
        client=client,
        cookies=dict(request.cookies),
        method=request.method,
    )


def _answer_error(error: DBOSException) -> tuple[Response, int]:
    status, body = error_response(error)
    return jsonify(body), status
