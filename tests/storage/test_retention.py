"""Which workflows are removed after their retention time, and how many at once."""

import pytest

from dbos_typed.core.writes import DeleteEnded
from dbos_typed.records import WorkflowRecord, WorkflowStatusString
from tests.storage.conftest import Store

LONG_AGO = 1_000
ENDED = WorkflowStatusString.SUCCESS


@pytest.fixture
def ancient(store: Store) -> list[WorkflowRecord]:
    """Five workflows that ended before everything else in the shared database, the second youngest first."""
    moments = [103, 101, 105, 102, 104]
    return [store.create(status=ENDED, created_at=moment, updated_at=moment) for moment in moments]


def test_oldest_come_first_and_no_more_than_a_batch(store: Store, ancient: list[WorkflowRecord]) -> None:
    by_age = [row.workflow_id for row in sorted(ancient, key=lambda row: row.created_at)]
    found = store.database.reader.ended(LONG_AGO, 3)
    assert list(found) == by_age[:3]
    store.together(*(DeleteEnded(workflow_id=workflow_id) for workflow_id in found))
    assert list(store.database.reader.ended(LONG_AGO, 3)) == by_age[3:]
    for workflow_id in by_age:
        store.write(DeleteEnded(workflow_id=workflow_id))


def test_moment_of_the_end_counts_and_not_that_of_the_start(store: Store) -> None:
    row = store.create(status=ENDED, created_at=10, updated_at=500)
    assert store.database.reader.ended(400, 10) == []
    assert store.database.reader.ended(501, 10) == [row.workflow_id]
    store.delete(row)


@pytest.mark.parametrize("status", ["PENDING", "ENQUEUED", "RETRIES_EXCEEDED"])
def test_workflow_that_has_not_ended_is_neither_found_nor_removed(store: Store, status: str) -> None:
    row = store.create(status=WorkflowStatusString(status), created_at=10, updated_at=10)
    assert store.database.reader.ended(LONG_AGO, 10) == []
    # It was resumed after it was found.
    store.write(DeleteEnded(workflow_id=row.workflow_id))
    assert store.row(row) is not None
    store.delete(row)


@pytest.mark.parametrize("status", ["PENDING", "ENQUEUED", "RETRIES_EXCEEDED", "CANCELLED"])
def test_child_of_a_parent_that_may_run_again_is_not_found(store: Store, status: str) -> None:
    parent = store.create(status=WorkflowStatusString(status), created_at=10, updated_at=LONG_AGO)
    child = store.create(status=ENDED, created_at=20, updated_at=20, parent_workflow_id=parent.workflow_id)
    assert store.database.reader.ended(LONG_AGO, 10) == []
    store.delete(parent)
    assert store.database.reader.ended(LONG_AGO, 10) == [child.workflow_id]
    store.delete(child)
