"""Sending and receiving."""

import pytest

from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import Fenced, NoDestination, SendMessage, TakeMessage
from dbos_typed.records import WorkflowRecord, WorkflowStatusString
from tests.storage.builders import recorded, send, take
from tests.storage.conftest import Store
from tests.storage.endings import every_ending


def _drain(store: Store, owner: WorkflowRecord, topic: str | None = None, first_number: int = 100) -> list[str | None]:
    """Receive until nothing is left; the payloads."""
    payloads = []
    number = first_number
    while (step := store.write(take(recorded(owner, number), topic))) is not None:
        payloads.append(step.output)
        number += 1
    return payloads


def test_messages_are_received_in_the_order_in_which_they_were_sent(store: Store) -> None:
    owner = store.create()
    payloads = [str(number) for number in range(10)]
    for payload in payloads:
        assert store.write(send(owner, payload)) is None
    assert _drain(store, owner) == payloads


def test_messages_of_one_batch_are_received_in_the_order_of_the_batch(store: Store) -> None:
    owner, other = store.create(), store.create()
    payloads = [str(number) for number in range(50)]
    writes = [send(owner if number % 2 else other, str(number)) for number in range(50)]
    assert store.together(*writes) == [None] * 50
    assert _drain(store, owner) == payloads[1::2]
    assert _drain(store, other) == payloads[::2]


def test_topics_are_separate_and_no_topic_is_a_topic_of_its_own(store: Store) -> None:
    owner = store.create()
    for topic in (None, "", "a", "null"):
        store.write(send(owner, f'"{topic}"', topic=topic))
    for number, topic in enumerate(("null", "a", "", None)):
        assert _drain(store, owner, topic, 100 + 10 * number) == [f'"{topic}"']


def test_sending_announces_the_message(store: Store) -> None:
    owner = store.create()
    store.write(send(owner, topic="a"))
    assert ("message", owner.workflow_id, "a") in store.signals


def test_sending_again_after_a_lost_answer_sends_one_message(store: Store) -> None:
    owner = store.create()
    write = send(owner)
    assert store.write(write) is None
    assert store.write(write) is None
    assert len(_drain(store, owner)) == 1
    assert store.write(write) is None, "a message that was received is not sent again either"
    assert _drain(store, owner, first_number=200) == []


def test_same_message_twice_in_one_batch_is_sent_once(store: Store) -> None:
    owner = store.create()
    write = send(owner)
    assert store.together(write, write) == [None, None]
    assert len(_drain(store, owner)) == 1


def test_unknown_destination_is_answered_and_nothing_is_stored(store: Store) -> None:
    sender = store.create()
    before = store.contents()
    assert store.write(send("nobody")) == NoDestination()
    assert store.write(send("nobody", sender=recorded(sender))) == NoDestination()
    assert store.contents() == before


def test_finished_destination_accepts_messages(store: Store) -> None:
    owner = store.create(status=WorkflowStatusString.SUCCESS)
    assert store.write(send(owner)) is None


def test_message_of_a_workflow_and_its_record_are_one_write(store: Store) -> None:
    sender, owner = store.create(), store.create()
    record = recorded(sender, 4)
    write = send(owner, sender=record)
    assert store.write(write) is None
    assert store.steps(sender) == {4: record.step}
    assert store.write(write) == record.step, "sent again after a lost answer"
    assert len(_drain(store, owner)) == 1


def test_workflow_sends_to_itself(store: Store) -> None:
    owner = store.create()
    assert store.write(send(owner, '"note"', sender=recorded(owner, 1))) is None
    assert _drain(store, owner) == ['"note"']


@every_ending
def test_run_that_lost_its_workflow_sends_nothing(store: Store, how: str) -> None:
    sender, owner = store.create(), store.create()
    status = store.end(sender, how)
    before = store.contents()
    assert store.write(send(owner, sender=recorded(sender))) == Fenced(status=status)
    assert store.contents() == before


def test_taken_message_is_the_output_of_its_step(store: Store) -> None:
    owner = store.create()
    store.write(send(owner, '{"a":1}'))
    record = recorded(owner, 2, name="DBOS.recv")
    step = store.write(take(record))
    assert step is not None
    assert (step.number, step.name, step.output) == (2, "DBOS.recv", '{"a":1}')
    assert store.steps(owner) == {2: step}


def test_taking_where_nothing_is_records_nothing(store: Store) -> None:
    owner = store.create()
    before = store.contents()
    assert store.write(take(recorded(owner))) is None
    assert store.contents() == before


def test_taking_again_after_a_lost_answer_answers_the_same_message(store: Store) -> None:
    owner = store.create()
    store.write(send(owner, "1"))
    store.write(send(owner, "2"))
    write = take(recorded(owner))
    step = store.write(write)
    before = store.contents()
    assert store.write(write) == step
    assert store.contents() == before
    assert _drain(store, owner) == ["2"]


def test_two_takes_of_one_topic_in_one_batch_get_distinct_messages_in_order(store: Store) -> None:
    owner = store.create()
    for payload in ("1", "2"):
        store.write(send(owner, payload))
    answers = store.together(take(recorded(owner, 1)), take(recorded(owner, 2)), take(recorded(owner, 3)))
    assert [step and step.output for step in answers] == ["1", "2", None]
    assert sorted(store.steps(owner)) == [1, 2]


def test_message_and_its_taking_in_one_batch_meet(store: Store) -> None:
    owner = store.create()
    _, step = store.together(send(owner, "1"), take(recorded(owner, 1)))
    assert step.output == "1"


@pytest.mark.parametrize("write_kind", [SendMessage, TakeMessage])
def test_token_that_never_owned_the_workflow_neither_sends_nor_takes(store: Store, write_kind: type) -> None:
    owner = store.create()
    store.write(send(owner))
    before = store.contents()
    foreign = recorded(owner, token=new_run_token())
    write = take(foreign) if write_kind is TakeMessage else send(owner, sender=foreign)
    assert store.write(write) == Fenced(status=WorkflowStatusString.PENDING)
    assert store.contents() == before


@every_ending
def test_run_that_lost_its_workflow_takes_nothing(store: Store, how: str) -> None:
    owner = store.create()
    store.write(send(owner))
    status = store.end(owner, how)
    before = store.contents()
    assert store.write(take(recorded(owner))) == Fenced(status=status)
    assert store.contents() == before
