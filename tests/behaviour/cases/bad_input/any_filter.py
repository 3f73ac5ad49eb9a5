"""Whatever is given as a filter: a listing, or an error that names the filter; never an error of the database."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dbos_typed import DBOS, SetWorkflowID, WorkflowFilters
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, anything, names

FORMS = ("sync",)  # hypothesis calls blocking functions

times = (
    st.datetimes() | st.datetimes(timezones=st.timezones()) | st.sampled_from(["2025-01-01T00:00:00Z", "2025-01-01"])
)
likely: dict[str, st.SearchStrategy[Any]] = {
    "workflow_ids": st.lists(names),
    "workflow_id_prefix": names,
    "status": st.sampled_from(["PENDING", "SUCCESS", ["ERROR"], []]),
    "start_time": times,
    "end_time": times,
    "name": names | st.lists(names),
    "app_version": names,
    "user": names,
    "queue_name": names,
    "executor_id": names | st.lists(names),
    "limit": st.integers(),
    "offset": st.integers(),
    "sort_desc": st.booleans(),
    "load_input": st.booleans(),
    "load_output": st.booleans(),
}


def check(app: App) -> None:
    @DBOS.workflow()
    def work() -> int:
        return 1

    with SetWorkflowID("a%s_"):
        work()
    filters = st.fixed_dictionaries({}, optional={name: value | anything for name, value in likely.items()})

    @THOROUGHLY
    @given(filters=filters, is_queued=st.booleans())
    @example(filters={"workflow_id_prefix": "a%"}, is_queued=False)
    @example(filters={"limit": 2**63, "offset": 2**63}, is_queued=True)
    @example(filters={"workflow_ids": ["a%s_", *("x" * 20 for _ in range(70_000))]}, is_queued=False)
    def whatever(filters: dict[str, Any], *, is_queued: bool) -> None:
        listing = DBOS.list_queued_workflows if is_queued else DBOS.list_workflows
        try:
            found = listing(**filters)
        except (ValueError, TypeError) as refused:
            assert any(name in str(refused) for name in filters), refused
        else:
            assert len(found) <= 1

    assert set(likely) == set(WorkflowFilters.__annotations__)
    whatever()
    many = [f"id-{number}" for number in range(70_000)]
    assert [status.workflow_id for status in DBOS.list_workflows(workflow_ids=[*many, "a%s_"])] == ["a%s_"]
    assert [status.workflow_id for status in DBOS.list_workflows(workflow_id_prefix="a%s_")] == ["a%s_"]
    assert DBOS.list_workflows(workflow_id_prefix="a%_") == []
