"""Recording steps and setting events."""

import pytest

from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import Fenced, RecordStep
from dbos_typed.records import StepKind, WorkflowStatusString
from tests.storage.builders import claim, recorded, set_event
from tests.storage.conftest import Store
from tests.storage.endings import every_ending


@pytest.mark.parametrize("kind", [kind for kind in StepKind if kind is not StepKind.UNKNOWN])
def test_recorded_step_is_read_back_with_every_field(store: Store, kind: StepKind) -> None:
    owner = store.create()
    step = recorded(owner, 7, kind=kind, output='"\u00e9"', error="{}", child_id="c", args_digest="00ff")
    assert store.write(RecordStep(record=step)) is None
    assert store.steps(owner) == {7: step.step}


def test_number_that_was_recorded_already_is_answered_by_that_record(store: Store) -> None:
    owner = store.create()
    first, second = recorded(owner, 1, output="1"), recorded(owner, 1, output="2")
    assert store.write(RecordStep(record=first)) is None
    assert store.write(RecordStep(record=second)) == first.step
    assert store.steps(owner) == {1: first.step}


def test_step_that_a_stale_run_recorded_first_is_adopted(store: Store) -> None:
    owner = store.create()
    first = recorded(owner, 1, output="1")
    store.write(RecordStep(record=first))
    claimed = store.write(claim(owner))
    assert store.write(RecordStep(record=recorded(claimed, 1, output="2"))) == first.step


@every_ending
def test_step_of_a_run_that_lost_its_workflow_is_not_recorded(store: Store, how: str) -> None:
    owner = store.create()
    status = store.end(owner, how)
    before = store.contents()
    assert store.write(RecordStep(record=recorded(owner))) == Fenced(status=status)
    assert store.contents() == before


def test_step_under_a_token_that_never_owned_the_workflow_is_not_recorded(store: Store) -> None:
    owner = store.create()
    write = RecordStep(record=recorded(owner, token=new_run_token()))
    assert store.write(write) == Fenced(status=WorkflowStatusString.PENDING)
    assert store.steps(owner) == {}


@pytest.mark.parametrize("stale_first", [True, False])
def test_same_step_of_the_owner_and_of_a_stale_run_in_one_batch_is_the_owners(store: Store, stale_first: bool) -> None:
    owner = store.create()
    ours = RecordStep(record=recorded(owner, 1, output='"owner"'))
    stale = RecordStep(record=recorded(owner, 1, output='"stale"', token=new_run_token()))
    answers = store.together(*([stale, ours] if stale_first else [ours, stale]))
    answer_of_stale, answer_of_owner = answers if stale_first else reversed(answers)
    assert store.steps(owner) == {1: ours.record.step}
    assert answer_of_stale == Fenced(status=WorkflowStatusString.PENDING)
    assert answer_of_owner in (None, ours.record.step)


def test_event_and_its_record_are_one_write_and_the_last_value_wins(store: Store) -> None:
    owner = store.create()
    first, second = recorded(owner, 1), recorded(owner, 2)
    assert store.write(set_event(first, value="1")) is None
    assert store.write(set_event(second, value="2")) is None
    assert store.write(set_event(recorded(owner, 3), key="other", value="3")) is None
    assert store.database.reader.event(owner.workflow_id, "progress") == "2"
    assert store.database.reader.events(owner.workflow_id) == {"other": "3", "progress": "2"}
    assert sorted(store.steps(owner)) == [1, 2, 3]
    assert ("event", owner.workflow_id, "progress") in store.signals


def test_setting_an_event_again_after_a_lost_answer_does_not_undo_a_later_value(store: Store) -> None:
    owner = store.create()
    first = set_event(recorded(owner, 1), value="1")
    store.write(first)
    store.write(set_event(recorded(owner, 2), value="2"))
    before = store.contents()
    assert store.write(first) == first.record.step
    assert store.contents() == before


def test_event_set_several_times_in_one_batch_has_the_last_value(store: Store) -> None:
    owner = store.create()
    writes = [set_event(recorded(owner, number), value=str(number)) for number in range(1, 6)]
    assert store.together(*writes) == [None] * 5
    assert store.database.reader.event(owner.workflow_id, "progress") == "5"
    assert sorted(store.steps(owner)) == [1, 2, 3, 4, 5]


@every_ending
def test_event_of_a_run_that_lost_its_workflow_is_not_set(store: Store, how: str) -> None:
    owner = store.create()
    store.write(set_event(recorded(owner, 1), value="1"))
    status = store.end(owner, how)
    before = store.contents()
    assert store.write(set_event(recorded(owner, 2), value="2")) == Fenced(status=status)
    assert store.contents() == before


def test_event_under_a_token_that_never_owned_the_workflow_is_not_set(store: Store) -> None:
    owner = store.create()
    write = set_event(recorded(owner, token=new_run_token()))
    assert store.write(write) == Fenced(status=WorkflowStatusString.PENDING)
    assert store.database.reader.event(owner.workflow_id, "progress") is None
