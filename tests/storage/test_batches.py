"""Many writes in one transaction."""

from contextlib import closing
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import CreateWorkflow, Fenced, NoDestination, RecordStep, Write
from dbos_typed.records import StepKind, WorkflowRecord, WorkflowStatusString
from dbos_typed.storage.dialect import Statement
from tests.storage.builders import (
    cancel,
    claim,
    finish,
    new_id,
    recorded,
    send,
    set_event,
    take,
    workflow,
)
from tests.storage.conftest import Store

UNSTORABLE = "nul \0 here"


def _create(record: WorkflowRecord) -> CreateWorkflow:
    return CreateWorkflow(workflow=record)


def test_writes_of_every_kind_in_one_batch_each_get_their_own_answer(store: Store) -> None:
    steps, events, sender, receiver, done, victim, taken_over, parent = (store.create() for _ in range(8))
    store.write(send(receiver, '"waiting"'))
    fresh, child, doomed = workflow(), workflow(), workflow()
    stale = new_run_token()
    claiming = claim(taken_over)
    answers = store.together(
        finish(done),
        take(recorded(receiver, 1)),
        RecordStep(record=recorded(steps, 1)),
        RecordStep(record=recorded(steps, 2, token=stale)),
        set_event(recorded(events, 1)),
        cancel(victim),
        send(receiver, '"second"', sender=recorded(sender, 1)),
        claiming,
        _create(fresh),
        CreateWorkflow(workflow=child, parent=recorded(parent, 1, kind=StepKind.WORKFLOW, child_id=child.workflow_id)),
        CreateWorkflow(workflow=doomed, parent=recorded(parent, 2, token=stale, kind=StepKind.WORKFLOW)),
        send(fresh, '"to a workflow of the same batch"'),
        send("nobody", sender=recorded(sender, 2)),
        take(recorded(steps, 3)),
        finish(steps, token=stale),
    )
    row = store.row(taken_over)
    assert row is not None
    assert row.run_token == claiming.run_token
    message = store.steps(receiver)[1]
    assert message.output == '"waiting"'
    pending = Fenced(status=WorkflowStatusString.PENDING)
    assert answers == [
        None,
        message,
        None,
        pending,
        None,
        True,
        None,
        row,
        None,
        None,
        pending,
        None,
        NoDestination(),
        None,
        pending,
    ]
    assert sorted(store.steps(steps)) == [1]
    assert sorted(store.steps(sender)) == [1]
    assert sorted(store.steps(parent)) == [1]
    assert store.row(fresh) == fresh
    assert store.row(child) == child
    assert store.row(doomed) is None


def test_whole_batch_again_after_a_lost_answer_changes_nothing(store: Store) -> None:
    sender, receiver, done, victim = (store.create() for _ in range(4))
    store.write(send(receiver, "1"))
    first, second, third = (recorded(sender, number) for number in (1, 2, 3))
    writes: list[Write[Any]] = [
        _create(workflow()),
        RecordStep(record=first),
        set_event(second),
        send(receiver, "2", sender=third),
        take(recorded(receiver, 1)),
        finish(done),
        cancel(victim),
    ]
    store.together(*writes)
    before = store.contents()
    answers = store.together(*writes)
    assert store.contents() == before
    # A step that is recorded is answered by its record, which is the caller's own.
    assert answers == [None, first.step, second.step, third.step, store.steps(receiver)[1], None, True]


def test_thousand_steps_of_as_many_workflows_are_one_batch(store: Store) -> None:
    owners = [workflow() for _ in range(1000)]
    assert store.together(*(_create(owner) for owner in owners)) == [None] * 1000
    writes = [RecordStep(record=recorded(owner, 1)) for owner in owners]
    assert store.together(*writes) == [None] * 1000
    found = store.database.reader.steps([owner.workflow_id for owner in owners])
    assert all(list(records) == [1] for records in found.values())


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_row_that_the_database_refuses_fails_alone(store: Store) -> None:
    owners = [store.create() for _ in range(5)]
    writes = [RecordStep(record=recorded(owner, 1)) for owner in owners]
    bad = RecordStep(record=recorded(owners[2], 2, output=UNSTORABLE))
    before = store.contents()
    with pytest.raises(Exception, match="Unicode"):
        store.together(*writes[:3], bad, *writes[3:])
    assert store.contents() == before, "a failed batch leaves nothing behind"
    with pytest.raises(Exception, match="Unicode"):
        store.database.journal.write_all([*writes[:3], bad, *writes[3:]])
    assert [sorted(store.steps(owner)) for owner in owners] == [[1]] * 5


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_statements_sent_together_are_one_transaction(store: Store) -> None:
    table = store.database.dialect.names.full("events")
    owner = store.create()
    insert = f"INSERT INTO {table} (workflow_id, key, value, updated_at) VALUES (%(id)s, %(key)s, '1', 1)"
    fine = Statement(insert, {"id": owner.workflow_id, "key": "fine"})
    failing = Statement(insert, {"id": "nobody", "key": "failing"})
    with closing(store.database.dialect.connect_writer(store.database.engine)) as connection:
        with pytest.raises(Exception, match="foreign key"):
            connection.run([fine, failing, fine])
        assert store.database.reader.events(owner.workflow_id) == {}
        connection.run([fine, Statement("SELECT 1", {})])
    assert store.database.reader.events(owner.workflow_id) == {"fine": "1"}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_batch_of_which_a_statement_fails_is_rolled_back(store: Store) -> None:
    table = store.database.dialect.names.full("events")
    owner = store.create()
    insert = f"INSERT INTO {table} (workflow_id, key, value, updated_at) VALUES (:id, :key, '1', 1)"
    fine = Statement(insert, {"id": owner.workflow_id, "key": "fine"})
    failing = Statement(insert, {"id": "nobody", "key": "failing"})
    with closing(store.database.dialect.connect_writer(store.database.engine)) as connection:
        with pytest.raises(Exception, match="FOREIGN KEY"):
            connection.run([fine, failing, fine])
        assert store.database.reader.events(owner.workflow_id) == {}
        connection.run([fine, Statement("SELECT 1", {})])
    assert store.database.reader.events(owner.workflow_id) == {"fine": "1"}


def test_foreign_keys_are_enforced_and_delete_what_belongs_to_a_workflow(store: Store) -> None:
    owner = store.create()
    store.write(RecordStep(record=recorded(owner, 1)))
    store.write(set_event(recorded(owner, 2)))
    store.write(send(owner))
    store.delete(owner)
    assert not any(owner.workflow_id in row for rows in store.contents().values() for row in rows)


def test_payloads_of_every_size_and_alphabet_come_back_as_they_were(store: Store) -> None:
    payloads = ['"\u00e4\u4e2d\U0001f600"', '"\\u0000"', "'; DROP TABLE x; --", "%s %(rows)s :rows ?", "x" * 3_000_000]
    owner = store.create()
    writes = [RecordStep(record=recorded(owner, number, output=text)) for number, text in enumerate(payloads)]
    store.together(*writes)
    assert [store.steps(owner)[number].output for number in range(len(payloads))] == payloads


def test_reader_lists_the_steps_of_many_workflows_and_of_unknown_ones(store: Store) -> None:
    owner, unknown = store.create(), new_id()
    step = recorded(owner, 1)
    store.write(RecordStep(record=step))
    assert store.database.reader.steps([owner.workflow_id, unknown]) == {owner.workflow_id: {1: step.step}, unknown: {}}
    assert store.database.reader.steps([]) == {}


def test_invalid_statement_does_not_spoil_the_connection_of_the_reader(store: Store) -> None:
    with pytest.raises(DBAPIError), store.database.engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM no_such_table")
    assert store.row(workflow()) is None
