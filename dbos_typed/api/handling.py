"""What the integrations of web frameworks share: running a handler for a request."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

from dbos_typed.api.registration import tracer
from dbos_typed.core import context
from dbos_typed.core.idempotency import Login, RequestKey
from dbos_typed.core.names import check_name
from dbos_typed.core.request import RequestSource
from dbos_typed.error import DBOSException
from dbos_typed.telemetry import OperationKind

IDEMPOTENCY_HEADER = "dbos-idempotency-key"
"""Carries the key of which, with route and user, the id of the first workflow that the handler starts is made."""
REQUEST_ID_HEADER = "x-request-id"
BAD_REQUEST = 400
INTERNAL_SERVER_ERROR = 500


def request_key(idempotency_key: str | None, method: str, path: str, login: Callable[[], Login]) -> RequestKey | None:
    """What names the first workflow of a request with an idempotency key.

    `login` says whom the web framework knows, when the workflow is started. ValueError: the key is empty or too long.
    """
    if idempotency_key is None:
        return None
    key = check_name(idempotency_key, f"the header {IDEMPOTENCY_HEADER}")
    return RequestKey(method=method, path=path, key=key, login=login)


@contextmanager
def handling(source: RequestSource, assigned: RequestKey | None) -> Generator[bool]:
    """Run a handler: with `DBOS.request`, with the idempotency key of its caller, and with a span.

    Gives whether it is traced.
    """
    with context.changed(request=source, assigned_id=assigned):
        if not tracer.is_active:
            yield False
            return
        request = source.request
        auth = context.current().auth
        path = urlsplit(request.url).path
        attributes = {
            "operationType": OperationKind.HANDLER.value,
            "operationName": path,
            "requestID": request.headers.get(REQUEST_ID_HEADER) or str(uuid.uuid4()),
            "requestIP": None if request.client is None else request.client.hostname,
            "requestURL": request.url,
            "requestMethod": request.method,
            "authenticatedUser": auth.user,
            "authenticatedUserRoles": None if auth.roles is None else json.dumps(auth.roles),
        }
        # The caller's trace, unless an instrumentation of the web framework has entered it already.
        caller = json.dumps(dict(request.headers)) if tracer.position() is None else None
        with tracer.span(path, attributes, caller):
            yield True


def answered(status: int) -> None:
    """Note the status with which a traced handler answers."""
    tracer.annotate({"http.response.status_code": status})


def error_response(error: DBOSException) -> tuple[int, dict[str, str]]:
    """The HTTP status and the JSON body for an error that a handler raised."""
    status = INTERNAL_SERVER_ERROR if error.status_code is None else error.status_code
    body = {"message": error.message}
    if error.dbos_error_code is not None:
        body["dbos_error_code"] = str(error.dbos_error_code)
    body["dbos_error"] = type(error).__name__
    return status, body
