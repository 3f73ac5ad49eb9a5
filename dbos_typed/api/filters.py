"""The conditions of listings, as users write them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypedDict, cast

from dbos_typed.api.status import StatusName
from dbos_typed.core.names import check_name
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.records import WorkflowStatusString

MAX_COUNT = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WorkflowFilters(TypedDict, total=False):
    """Which workflows to list; all conditions given must hold.

    `status`, `name` and `executor_id` take one value or several; an empty sequence matches nothing. Times are
    inclusive:
    RFC 3339 text or aware datetimes. Results are ordered by creation time and id, so that pages neither repeat nor
    skip. Without `load_input` the statuses have no input, without `load_output` neither output nor error, which saves
    reading them.
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
    load_input: bool
    load_output: bool


def condition_of(filters: WorkflowFilters, *, queued_only: bool = False) -> WorkflowFilter:
    """The condition of a listing. ValueError or TypeError: names the filter and what is wrong with it."""
    for name in filters:
        if name not in WorkflowFilters.__annotations__:
            # Passed over, it would list what it was to leave out.
            known = list(WorkflowFilters.__annotations__)
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}."
            msg = f"there is no filter {name!r}: {hint}"
            raise TypeError(msg)
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
        sort_desc=_flag("sort_desc", filters.get("sort_desc", False)),
        load_input=_flag("load_input", filters.get("load_input", True)),
        load_output=_flag("load_output", filters.get("load_output", True)),
    )


def _text(name: str, given: object) -> str | None:
    if given is None:
        return None
    # An empty text is no name, but a condition like any other.
    return "" if given == "" else check_name(given, f"the filter {name}")


def _ids(given: object) -> Sequence[str] | None:
    if isinstance(given, str):
        msg = f"the filter workflow_ids is the text {given!r}; give a list of ids: [{given!r}]."
        raise TypeError(msg)
    return _several("workflow_ids", given)


def _several(name: str, given: object) -> Sequence[str] | None:
    if given is None:
        return None
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        msg = f"the filter {name} is {given!r}; give a text, or a list of texts."
        raise TypeError(msg)
    several = [given] if isinstance(given, str) else cast("Iterable[object]", given)
    return [check_name(one, f"the filter {name}") for one in several]


def _status(given: str) -> WorkflowStatusString:
    try:
        return WorkflowStatusString(given)
    except ValueError:
        known = ", ".join(status.value for status in WorkflowStatusString)
        msg = f"status {given!r} does not exist; it is one of {known}."
        raise ValueError(msg) from None


def _flag(name: str, given: object) -> bool:
    if not isinstance(given, bool):
        msg = f"{name} is {given!r}; it must be True or False."
        raise TypeError(msg)
    return given


def _count(name: str, given: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool):
        msg = f"{name} is {given!r}; it must be a whole number."
        raise TypeError(msg)
    if given < 0:
        msg = f"{name} is {given}; it must not be negative."
        raise ValueError(msg)
    # More than a database counts is as good as all.
    return min(given, MAX_COUNT)


def _milliseconds(name: str, given: object) -> int | None:
    if given is None:
        return None
    if not isinstance(given, str | datetime):
        msg = f"{name} is {given!r}; give a datetime, or a text such as 2025-06-01T12:00:00Z."
        raise TypeError(msg)
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
    except ValueError as error:
        msg = f"{name} is {given!r}, which is no RFC 3339 time such as 2025-06-01T12:00:00Z: {error}."
        raise ValueError(msg) from error
    if moment.tzinfo is None:
        msg = f"{name} is {given!r}, which has no time zone. Add one, e.g. datetime.now(timezone.utc) or a trailing Z."
        raise ValueError(msg)
    return (moment - EPOCH) // timedelta(milliseconds=1)
