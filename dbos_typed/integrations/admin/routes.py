"""What the admin interface answers, without HTTP around it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs, unquote, urlsplit

from dbos_typed.api.filters import WorkflowFilters
from dbos_typed.api.registration import registry
from dbos_typed.core.engine import INTERNAL_QUEUE
from dbos_typed.core.registry import QueueDefinition
from dbos_typed.error import DBOSException
from dbos_typed.integrations.admin.documents import step_document, workflow_document
from dbos_typed.integrations.admin.port import Administration

OK = 200
NO_CONTENT = 204
BAD_REQUEST = 400
NOT_FOUND = 404
METHOD_NOT_ALLOWED = 405
INTERNAL_SERVER_ERROR = 500
SERVICE_UNAVAILABLE = 503

HEALTH_PATH = "/dbos-healthz"
LONGEST_SHOWN = 200
"""Characters of what a client sent, in an error."""
LIST_LIMIT = 1000
"""Workflows that one listing answers at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as a route sees it."""

    engine: Administration
    workflow_id: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    body: bytes = b""
    is_trusted: bool = True
    """Whether the caller may learn everything; one without the token may ask for the health alone."""

    def json(self, default: object) -> object:
        """The body; empty: the default. ValueError: it is no JSON."""
        if not self.body.strip():
            return default
        try:
            return json.loads(self.body)
        except ValueError as error:
            msg = f"The body is no JSON: {error}."
            raise ValueError(msg) from error
        except RecursionError as error:
            msg = "The body is nested too deeply."
            raise ValueError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response; `document` is sent as JSON, `text` as it is."""

    status: int = OK
    document: object = None
    text: str | None = None
    allow: Sequence[str] = ()
    """The methods that are possible, where another one was used."""


Route: TypeAlias = Callable[[Call], Answer]


def answer(
    engine: Administration, method: str, target: str, body: bytes, *, is_trusted: bool, is_legacy: bool = False
) -> Answer:
    """The answer to a request for `target`, a path with its query.

    `is_legacy`: GET changes what POST does at some places, for those who knew no other way.
    """
    try:
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        return problem(BAD_REQUEST, f"The address cannot be read: {error}.")
    allowed: list[str] = []
    for route_method, pattern, route in (*ROUTES, *LEGACY_ROUTES) if is_legacy else ROUTES:
        match = pattern.fullmatch(parts.path)
        if match is None:
            continue
        if route_method == method or (route_method == "GET" and method == "HEAD" and route is not _deactivate):
            workflow_id = unquote(match.groupdict().get("id", ""))
            call = Call(engine=engine, workflow_id=workflow_id, query=query, body=body, is_trusted=is_trusted)
            return _answer(route, call)
        allowed.append(route_method)
    if allowed:
        message = f"{method} is not possible here; {' and '.join(allowed)} is."
        return Answer(status=METHOD_NOT_ALLOWED, document={"error": message}, allow=allowed)
    return problem(NOT_FOUND, f"There is nothing at {_short(parts.path)}.")


def _answer(route: Route, call: Call) -> Answer:
    try:
        return route(call)
    except (ValueError, TypeError) as error:
        return problem(BAD_REQUEST, str(error))
    except DBOSException as error:
        return problem(INTERNAL_SERVER_ERROR if error.status_code is None else error.status_code, str(error))


def problem(status: int, message: str) -> Answer:
    """An answer that says what is wrong."""
    return Answer(status=status, document={"error": message})


def _short(given: object) -> str:
    """What a client sent, as far as it is told back."""
    shown = repr(given)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _health(call: Call) -> Answer:
    health = call.engine.health()
    document: dict[str, object] = {"status": "healthy" if health.is_healthy else "degraded"}
    if call.is_trusted:
        document |= asdict(health)
    # Not for a database that is away: whoever starts processes again would do so with all of them, and in vain.
    return Answer(status=OK if health.is_live else SERVICE_UNAVAILABLE, document=document)


def _deactivate(call: Call) -> Answer:
    call.engine.deactivate()
    return Answer(text="deactivated")


def _recover(call: Call) -> Answer:
    ids = _texts(call.json([]), "The body must be a JSON list of executor ids")
    return Answer(document=[handle.workflow_id for handle in call.engine.recover_pending_workflows(ids)])


def _queues(_: Call) -> Answer:
    queues = [QueueDefinition(name=INTERNAL_QUEUE), *registry.queues().values()]
    return Answer(document=[_queue_document(queue) for queue in queues])


def _queue_document(queue: QueueDefinition) -> dict[str, object]:
    document: dict[str, object] = {"name": queue.name}
    if queue.concurrency is not None:
        document["concurrency"] = queue.concurrency
    if queue.worker_concurrency is not None:
        document["workerConcurrency"] = queue.worker_concurrency
    if queue.rate_limit is not None:
        document["rateLimit"] = {"limit": queue.rate_limit, "period": queue.rate_period_seconds}
    return document


def _workflows(call: Call) -> Answer:
    filters = _filters(call.query)
    return Answer(document=[workflow_document(status) for status in call.engine.list_workflows(**filters)])


def _workflow(call: Call) -> Answer:
    status = call.engine.get_workflow_status(call.workflow_id)
    return _unknown(call) if status is None else Answer(document=workflow_document(status))


def _steps(call: Call) -> Answer:
    if call.engine.get_workflow_status(call.workflow_id) is None:
        return _unknown(call)
    return Answer(document=[step_document(step) for step in call.engine.list_workflow_steps(call.workflow_id)])


def _cancel(call: Call) -> Answer:
    if call.engine.get_workflow_status(call.workflow_id) is None:
        return _unknown(call)
    call.engine.cancel_workflow(call.workflow_id)
    return Answer(status=NO_CONTENT)


def _resume(call: Call) -> Answer:
    call.engine.resume_workflow(call.workflow_id)
    return Answer(status=NO_CONTENT)


def _restart(call: Call) -> Answer:
    call.engine.restart_workflow(call.workflow_id)
    return Answer(status=NO_CONTENT)


def _fork(call: Call) -> Answer:
    given = call.json({})
    shown = _short(given)
    known = {"start_step", "application_version"}
    if not isinstance(given, dict) or not known.issuperset(cast("dict[str, object]", given)):
        msg = f"The body must be a JSON object with {' and '.join(sorted(known))}, both optional; it is {shown}."
        raise ValueError(msg)
    options = cast("dict[str, object]", given)
    start_step, version = options.get("start_step", 1), options.get("application_version")
    if not isinstance(start_step, int) or isinstance(start_step, bool):
        msg = f"start_step is {_short(start_step)}; it must be a whole number."
        raise TypeError(msg)
    if version is not None and not isinstance(version, str):
        msg = f"application_version is {_short(version)}; it must be a text."
        raise TypeError(msg)
    handle = call.engine.fork_workflow(call.workflow_id, start_step, application_version=version)
    return Answer(document={"workflow_id": handle.workflow_id})


def _unknown(call: Call) -> Answer:
    return problem(NOT_FOUND, f"No workflow has the id {call.workflow_id!r}.")


def _texts(given: object, expectation: str) -> list[str]:
    shown = _short(given)
    if not isinstance(given, list) or not all(isinstance(item, str) for item in cast("list[object]", given)):
        msg = f"{expectation}; it is {shown}."
        raise ValueError(msg)
    return cast("list[str]", given)


_SEVERAL = ("workflow_ids", "status", "name", "executor_id")
_TEXTS = ("workflow_id_prefix", "start_time", "end_time", "app_version", "user", "queue_name")
_NUMBERS = ("limit", "offset")
_BOOLEANS = {"true": True, "false": False}


def _filters(query: Mapping[str, Sequence[str]]) -> WorkflowFilters:
    """The filters of a listing from a query; those that take several values may be repeated."""
    filters: dict[str, Any] = {"limit": LIST_LIMIT}
    for name, values in query.items():
        value = values[-1]
        if name in _SEVERAL:
            filters[name] = list(values)
        elif name in _TEXTS:
            filters[name] = value
        elif name in _NUMBERS and value.isdecimal():
            filters[name] = int(value)
        elif name == "sort_desc" and value.lower() in _BOOLEANS:
            filters[name] = _BOOLEANS[value.lower()]
        elif name in (*_NUMBERS, "sort_desc"):
            msg = (
                f"{name} is {_short(value)}; it must be {'true or false' if name == 'sort_desc' else 'a whole number'}."
            )
            raise ValueError(msg)
        else:
            known = ", ".join((*_SEVERAL, *_TEXTS, *_NUMBERS, "sort_desc"))
            msg = f"There is no filter {_short(name)}; there are {known}."
            raise ValueError(msg)
    filters["limit"] = min(filters["limit"], LIST_LIMIT)
    return cast("WorkflowFilters", cast("object", filters))


def _route(method: str, path: str, route: Route) -> tuple[str, re.Pattern[str], Route]:
    return method, re.compile(path.replace("{id}", "(?P<id>[^/]+)")), route


ROUTES: Sequence[tuple[str, re.Pattern[str], Route]] = (
    _route("GET", HEALTH_PATH, _health),
    _route("POST", "/deactivate", _deactivate),
    _route("GET", "/dbos-workflow-queues-metadata", _queues),
    _route("POST", "/dbos-workflow-recovery", _recover),
    _route("GET", "/workflows", _workflows),
    _route("GET", "/workflows/{id}", _workflow),
    _route("GET", "/workflows/{id}/steps", _steps),
    _route("POST", "/workflows/{id}/cancel", _cancel),
    _route("POST", "/workflows/{id}/resume", _resume),
    _route("POST", "/workflows/{id}/restart", _restart),
    _route("POST", "/workflows/{id}/fork", _fork),
)

LEGACY_ROUTES = (_route("GET", "/deactivate", _deactivate),)
"""What older versions did; for `admin_legacy`."""
