"""Creating, finishing, cancelling and claiming workflows."""

from dataclasses import replace

import pytest

from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import ClaimPurpose, CreateWorkflow, Fenced
from dbos_typed.records import Auth, StepKind, WorkflowRecord, WorkflowStatusString
from tests.storage.builders import NOW, cancel, claim, finish, new_id, recorded, workflow
from tests.storage.conftest import Store
from tests.storage.endings import every_ending

S = WorkflowStatusString


def test_created_workflow_is_read_back_with_every_field(store: Store) -> None:
    record = workflow(
        class_name="Shop",
        config_name="berlin",
        inputs='["\u00fc \u2603 \U0001f680",{"a":null}]',
        auth=Auth(user="ann", roles=("admin", "user"), assumed_role="admin"),
        queue_name="orders",
        deduplication_id=new_id(),
        priority=3,
        partition_key="eu",
        recovery_attempts=2,
        parent_workflow_id="parent",
        timeout_ms=1500,
        deadline=NOW + 1500,
        visible_at=NOW + 1,
        run_token=2**62 - 1,
        started_at=NOW + 2,
    )
    assert store.write(CreateWorkflow(workflow=record)) is None
    assert store.row(record) == record


def test_creating_an_existing_id_answers_the_existing_row_and_changes_nothing(store: Store) -> None:
    first = store.create()
    other = replace(first, run_token=new_run_token(), name="refund", inputs="[1]")
    before = store.contents()
    assert store.write(CreateWorkflow(workflow=other)) == first
    assert store.contents() == before


def test_creating_again_after_a_lost_answer_answers_as_if_just_created(store: Store) -> None:
    record = store.create()
    before = store.contents()
    assert store.write(CreateWorkflow(workflow=record)) is None
    assert store.contents() == before


def test_two_creates_of_one_id_in_one_batch_have_one_winner(store: Store) -> None:
    workflow_id = new_id()
    first, second = workflow(workflow_id), workflow(workflow_id)
    answers = store.together(CreateWorkflow(workflow=first), CreateWorkflow(workflow=second))
    stored = store.row(first)
    assert stored in (first, second)
    assert sorted([answer is None for answer in answers]) == [False, True]
    assert [answer for answer in answers if answer is not None] == [stored]
    assert stored == (first if answers[0] is None else second)


def test_child_and_the_parents_record_of_its_start_are_one_write(store: Store) -> None:
    parent = store.create()
    child = workflow(parent_workflow_id=parent.workflow_id)
    start = recorded(parent, 3, kind=StepKind.WORKFLOW, child_id=child.workflow_id)
    write = CreateWorkflow(workflow=child, parent=start)
    assert store.write(write) is None
    assert store.row(child) == child
    assert store.steps(parent) == {3: start.step}
    assert store.write(write) is None


def test_child_that_exists_already_is_answered_and_nothing_is_recorded_of_its_start(store: Store) -> None:
    parent, child = store.create(), store.create()
    start = recorded(parent, 1, kind=StepKind.WORKFLOW, child_id=child.workflow_id)
    write = CreateWorkflow(workflow=replace(child, run_token=new_run_token()), parent=start)
    assert store.write(write) == child
    assert store.steps(parent) == {}


@every_ending
def test_parent_that_lost_its_workflow_starts_no_child(store: Store, how: str) -> None:
    parent, child = store.create(), workflow()
    status = store.end(parent, how)
    before = store.contents()
    start = recorded(parent, 1, kind=StepKind.WORKFLOW, child_id=child.workflow_id)
    assert store.write(CreateWorkflow(workflow=child, parent=start)) == Fenced(status=status)
    assert store.contents() == before


@pytest.mark.parametrize(
    ("status", "output", "error"),
    [(S.SUCCESS, '"x"', None), (S.ERROR, None, '{"type":"ValueError"}'), (S.RETRIES_EXCEEDED, None, None)],
)
def test_outcome_is_stored(store: Store, status: S, output: str | None, error: str | None) -> None:
    owner = store.create()
    write = finish(owner, status=status, output=output, error=error)
    assert store.write(write) is None
    row = store.row(owner)
    assert row == replace(owner, status=status, output=output, error=error, updated_at=write.at)


def test_finishing_again_after_a_lost_answer_answers_as_if_just_finished(store: Store) -> None:
    owner = store.create()
    assert store.write(finish(owner)) is None
    before = store.contents()
    assert store.write(finish(owner)) is None
    assert store.contents() == before


@every_ending
def test_outcome_of_a_run_that_lost_its_workflow_is_refused(store: Store, how: str) -> None:
    owner = store.create()
    status = store.end(owner, how)
    before = store.contents()
    assert store.write(finish(owner, output='"late"')) == Fenced(status=status)
    assert store.contents() == before


def test_outcome_under_a_token_that_never_owned_the_workflow_is_refused(store: Store) -> None:
    owner = store.create()
    assert store.write(finish(owner, token=new_run_token())) == Fenced(status=S.PENDING)
    assert store.row(owner) == owner


def test_outcomes_of_the_owner_and_of_a_stale_run_in_one_batch_are_told_apart(store: Store) -> None:
    owner = store.create()
    stale = new_run_token()
    answers = store.together(finish(owner, token=stale, output='"stale"'), finish(owner, output='"owner"'))
    assert answers == [Fenced(status=S.SUCCESS), None]
    row = store.row(owner)
    assert row is not None
    assert row.output == '"owner"'


@pytest.mark.parametrize("started_at", [None, 5])
@pytest.mark.parametrize("status", [S.PENDING, S.ENQUEUED])
def test_workflow_without_an_outcome_is_cancelled_and_leaves_its_queue(
    store: Store, status: S, started_at: int | None
) -> None:
    owner = store.create(status=status, queue_name="orders", deduplication_id=new_id(), started_at=started_at)
    write = cancel(owner)
    assert store.write(write) is True
    # What has begun is counted by the rate of its queue.
    queue_name = None if started_at is None else "orders"
    expected = replace(owner, status=S.CANCELLED, queue_name=queue_name, deduplication_id=None, updated_at=write.at)
    assert store.row(owner) == expected
    assert ("cancel", owner.workflow_id, str(owner.run_token)) in store.signals
    assert ("done", owner.workflow_id) in store.signals


def test_cancelling_again_after_a_lost_answer_answers_as_if_just_cancelled(store: Store) -> None:
    owner = store.create()
    assert store.write(cancel(owner)) is True
    before = store.contents()
    assert store.write(cancel(owner)) is True
    assert store.contents() == before


@pytest.mark.parametrize("status", [S.SUCCESS, S.ERROR, S.CANCELLED, S.RETRIES_EXCEEDED])
def test_ended_workflow_is_not_cancelled(store: Store, status: S) -> None:
    owner = store.create(status=status)
    assert store.write(cancel(owner)) is False
    assert store.row(owner) == owner


def test_cancelling_an_unknown_workflow_does_nothing(store: Store) -> None:
    before = store.contents()
    assert store.write(cancel(workflow())) is False
    assert store.contents() == before


def test_recovery_claims_a_pending_workflow_and_counts_an_attempt(store: Store) -> None:
    owner = store.create(recovery_attempts=4)
    write = claim(owner)
    expected = replace(
        owner,
        run_token=write.run_token,
        executor_id="executor-2",
        app_version="v2",
        recovery_attempts=5,
        updated_at=write.at,
        started_at=write.at,
    )
    assert store.write(write) == expected
    assert store.row(owner) == expected


def test_claiming_again_after_a_lost_answer_answers_the_row_and_counts_no_second_attempt(store: Store) -> None:
    owner = store.create()
    write = claim(owner)
    claimed = store.write(write)
    assert store.write(write) == claimed
    assert store.row(owner) == claimed


def test_of_two_claims_in_one_batch_one_wins(store: Store) -> None:
    owner = store.create()
    answers = store.together(claim(owner), claim(owner))
    won = [answer for answer in answers if answer is not None]
    assert won == [store.row(owner)]
    assert won[0].recovery_attempts == 1


def test_claim_of_a_workflow_that_another_run_owns_by_now_is_refused(store: Store) -> None:
    owner = store.create()
    assert store.write(claim(owner, expected=new_run_token())) is None
    assert store.row(owner) == owner


@pytest.mark.parametrize("status", [S.SUCCESS, S.ERROR, S.CANCELLED, S.RETRIES_EXCEEDED, S.ENQUEUED])
def test_recovery_claims_nothing_but_pending_workflows(store: Store, status: S) -> None:
    owner = store.create(status=status)
    assert store.write(claim(owner)) is None
    assert store.row(owner) == owner


@pytest.mark.parametrize("status", [S.CANCELLED, S.RETRIES_EXCEEDED, S.ENQUEUED])
def test_resuming_claims_a_workflow_without_an_outcome_and_starts_its_attempts_anew(store: Store, status: S) -> None:
    owner = store.create(status=status, recovery_attempts=50)
    answer = store.write(claim(owner, purpose=ClaimPurpose.RESUMPTION))
    assert isinstance(answer, WorkflowRecord)
    assert (answer.status, answer.recovery_attempts) == (S.PENDING, 0)


@pytest.mark.parametrize("status", [S.SUCCESS, S.ERROR])
def test_resuming_claims_no_workflow_that_has_an_outcome(store: Store, status: S) -> None:
    owner = store.create(status=status)
    assert store.write(claim(owner, purpose=ClaimPurpose.RESUMPTION)) is None
    assert store.row(owner) == owner
