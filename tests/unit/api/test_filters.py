"""Conditions of listings, as users write them."""

from datetime import datetime, timedelta, timezone

import pytest

from dbos_typed.api.filters import WorkflowFilters, condition_of
from dbos_typed.records import WorkflowStatusString


def test_no_filter_is_no_condition() -> None:
    condition = condition_of({})
    assert condition.statuses is None
    assert condition.names is None
    assert condition.workflow_ids is None
    assert condition.limit is None


def test_one_value_stands_for_a_list_of_one() -> None:
    condition = condition_of({"status": "PENDING", "name": "shop.flows:order", "executor_id": "here"})
    assert condition.statuses == [WorkflowStatusString.PENDING]
    assert condition.names == ["order"]
    assert condition.executor_ids == ["here"]


def test_empty_list_stays_a_condition() -> None:
    condition = condition_of({"status": [], "name": [], "workflow_ids": [], "limit": 0})
    assert (condition.statuses, condition.names, condition.workflow_ids, condition.limit) == ([], [], [], 0)


@pytest.mark.parametrize(
    ("moment", "milliseconds"),
    [
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T01:00:01+01:00", 1000),
        ("1970-01-01T00:00:00.250Z", 250),
        (datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), 0),
    ],
)
def test_times_are_milliseconds_since_the_epoch(moment: str | datetime, milliseconds: int) -> None:
    assert condition_of({"start_time": moment}).start_time == milliseconds
    assert condition_of({"end_time": moment}).end_time == milliseconds


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"status": "DONE"}, "status 'DONE' does not exist"),
        ({"start_time": "2025-01-01T00:00:00"}, "start_time .*no time zone"),
        ({"end_time": "soon"}, "end_time .*RFC 3339"),
        ({"limit": -1}, "limit is -1"),
        ({"offset": -1}, "offset is -1"),
        ({"user": "a\0"}, "filter user .*NUL"),
        ({"workflow_ids": [""]}, "filter workflow_ids is empty"),
    ],
)
def test_meaningless_filter_is_refused_by_name(filters: WorkflowFilters, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        condition_of(filters)


def test_text_for_a_list_of_ids_is_refused() -> None:
    with pytest.raises(TypeError, match=r"give a list of ids: \['w1'\]"):
        condition_of({"workflow_ids": "w1"})
