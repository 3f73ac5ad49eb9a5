"""The conditions of listings, as users write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from dbos_typed.api.status import StatusName
from dbos_typed.core.names import check_name
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.records import WorkflowStatusString


class WorkflowFilters(TypedDict, total=False):
    """Which workflows to list; all conditions given must hold.

    `status`, `name` and `executor_id` take one value or several; an empty sequence matches nothing. Times are
    inclusive:
    RFC 3339 text or aware datetimes. Results are ordered by creation time and id, so that pages neither repeat nor
    skip.
    """

    workflow_ids: Sequence[str] | None
    workflow_id_prefix: str | None
    status: StatusName | str | Sequence[str] | None
    start_time: str | datetime | None
    end_time: str | datetime | None
    name: str | Sequence[str] | None
    app_version: str | None
    user: str | None
    queue_name: str | None
    executor_id: str | Sequence[str] | None
    limit: int | None
    offset: int | None
    sort_desc: bool


def condition_of(filters: WorkflowFilters, *, queued_only: bool = False) -> WorkflowFilter:
    """The condition of a listing. ValueError: names the filter and what is wrong with it."""
    statuses = _several("status", filters.get("status"))
    names = _several("name", filters.get("name"))
    return WorkflowFilter(
        workflow_ids=_ids(filters.get("workflow_ids")),
        workflow_id_prefix=_text("workflow_id_prefix", filters.get("workflow_id_prefix")),
        statuses=None if statuses is None else [_status(status) for status in statuses],
        names=None if names is None else [name.rpartition(":")[2] for name in names],
        start_time=_milliseconds("start_time", filters.get("start_time")),
        end_time=_milliseconds("end_time", filters.get("end_time")),
        app_version=_text("app_version", filters.get("app_version")),
        user=_text("user", filters.get("user")),
        queue_name=_text("queue_name", filters.get("queue_name")),
        executor_ids=_several("executor_id", filters.get("executor_id")),
        queued_only=queued_only,
        limit=_count("limit", filters.get("limit")),
        offset=_count("offset", filters.get("offset")),
        sort_desc=filters.get("sort_desc", False),
    )


def _text(name: str, given: str | None) -> str | None:
    # An empty text is no name, but a condition like any other.
    return check_name(given, f"the filter {name}") if given else given


def _ids(given: Sequence[str] | None) -> Sequence[str] | None:
    if isinstance(given, str):
        msg = f"the filter workflow_ids is the text {given!r}; give a list of ids: [{given!r}]."
        raise TypeError(msg)
    return _several("workflow_ids", given)


def _several(name: str, given: str | Sequence[str] | None) -> Sequence[str] | None:
    if given is None:
        return None
    return [check_name(one, f"the filter {name}") for one in ([given] if isinstance(given, str) else given)]


def _status(given: str) -> WorkflowStatusString:
    try:
        return WorkflowStatusString(given)
    except ValueError:
        known = ", ".join(status.value for status in WorkflowStatusString)
        msg = f"status {given!r} does not exist; it is one of {known}."
        raise ValueError(msg) from None


def _count(name: str, given: int | None) -> int | None:
    if given is not None and given < 0:
        msg = f"{name} is {given}; it must not be negative."
        raise ValueError(msg)
    return given


def _milliseconds(name: str, given: str | datetime | None) -> int | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError as error:
        msg = f"{name} is {given!r}, which is no RFC 3339 time such as 2025-06-01T12:00:00Z: {error}."
        raise ValueError(msg) from error
    if moment.tzinfo is None:
        msg = f"{name} is {given!r}, which has no time zone. Add one, e.g. datetime.now(timezone.utc) or a trailing Z."
        raise ValueError(msg)
    return int(moment.timestamp() * 1000)
