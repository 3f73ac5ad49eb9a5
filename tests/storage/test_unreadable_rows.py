"""Rows that hold anything that the schema admits: each is read, told, and in nobody's way."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.core.writes import RecordStep
from dbos_typed.records import STORED_STATUSES, StepKind, WorkflowRecord, WorkflowStatusString
from dbos_typed.storage.rows import (
    STEP_COLUMNS,
    STEP_REQUIRED,
    WORKFLOW_COLUMNS,
    WORKFLOW_REQUIRED,
    step_record,
    step_row,
    workflow_record,
    workflow_row,
)
from dbos_typed.storage.schema import Names, tables
from tests.storage.builders import NOW, cancel, new_id, recorded, workflow
from tests.storage.conftest import Store

JUNK: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.binary(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.sampled_from(["PENDING", "DELAYED", "UNKNOWN", "unknown", "step", "[]", '["a"]', "[1]", "{", "[" * 50_000, "1"]),
)
SQLITE_JUNK: st.SearchStrategy[object] = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.binary(max_size=20),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.sampled_from(["PENDING", "DELAYED", "UNKNOWN", "[1]", "[", "telepathy"]),
)
NUMBERS = [name for name, sql in WORKFLOW_COLUMNS.items() if sql != "text"]
NO_KEY = [name for name in WORKFLOW_COLUMNS if name != "workflow_id"]
NO_STEP_KEY = [name for name in STEP_COLUMNS if name != "workflow_id"]


def in_order(row: Mapping[str, object], columns: Mapping[str, str], changes: Mapping[str, object]) -> dict[str, object]:
    return {name: changes.get(name, row[name]) for name in columns}


def test_required_columns_are_those_of_the_schema() -> None:
    table = tables(Names(schema=None, prefix=""))
    assert set(WORKFLOW_REQUIRED) == {column.name for column in table.workflows.c if not column.nullable}
    assert set(STEP_REQUIRED) == {column.name for column in table.steps.c if not column.nullable}


@given(changes=st.dictionaries(st.sampled_from(list(WORKFLOW_COLUMNS)), JUNK))
def test_any_workflow_row_is_read(changes: dict[str, object]) -> None:
    row = in_order(workflow_row(workflow("w")), WORKFLOW_COLUMNS, changes)
    record = workflow_record(row)
    assert type(record.status) is WorkflowStatusString
    assert (record.status in STORED_STATUSES) == (row["status"] in set(STORED_STATUSES))
    for field in fields(WorkflowRecord):
        value = getattr(record, field.name)
        if field.name not in row:
            continue
        sql = WORKFLOW_COLUMNS[field.name]
        is_fit = value is None or (isinstance(value, str) if sql == "text" else type(value) is int)
        assert is_fit
        assert value is not None or field.name not in WORKFLOW_REQUIRED
        if value != row[field.name]:
            assert f"its {field.name} " in str(record.unreadable)
    if record.unreadable is None:
        assert record.auth.roles is None or json.dumps(list(record.auth.roles)) == json.dumps(
            json.loads(str(row["auth_roles"]))
        )
        assert {**workflow_row(record), "auth_roles": row["auth_roles"]} == row
    else:
        assert len(record.unreadable) < 200 * len(WORKFLOW_COLUMNS)


@given(changes=st.dictionaries(st.sampled_from(list(STEP_COLUMNS)), JUNK))
def test_any_step_row_is_read(changes: dict[str, object]) -> None:
    stored = {name: value for name, value in step_row(recorded(workflow("w"))).items() if name in STEP_COLUMNS}
    row = in_order(stored, STEP_COLUMNS, changes)
    record = step_record(row)
    assert record.described
    unread = {name for name in STEP_COLUMNS if name != "kind" and repr(getattr(record, name)) != repr(row[name])}
    known = {kind.value for kind in StepKind} - {"unknown"}
    assert (record.kind is StepKind.UNKNOWN) == (
        bool(unread - {"started_at", "completed_at"}) or row["kind"] not in known
    )
    assert (record.unreadable is None) == (not unread and row["kind"] in known)


def test_reason_keeps_what_was_stored_and_is_short() -> None:
    row = in_order(workflow_row(workflow("w")), WORKFLOW_COLUMNS, {"status": "DELAYED", "deadline": b"x" * 10_000})
    record = workflow_record(row)
    assert record.deadline is None
    assert record.unreadable is not None
    assert "its status 'DELAYED' is unknown to this version of dbos_typed" in record.unreadable
    assert "its deadline is no whole number: b'xxx" in record.unreadable
    assert len(record.unreadable) < 250


def _update(store: Store, table: str, row_id: str, changes: Mapping[str, object]) -> None:
    if not changes:
        return
    name = store.database.dialect.names.full(table)
    settings = ", ".join(f"{column} = :{column}" for column in changes)
    with store.database.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE {name} SET {settings} WHERE workflow_id = :row_id"), {**changes, "row_id": row_id}
        )


def _listed(store: Store, executor_id: str) -> list[WorkflowRecord]:
    return store.database.reader.workflows(WorkflowFilter(executor_ids=[executor_id]))


def test_every_row_is_listed_whatever_the_others_hold(store: Store) -> None:
    executor_id = new_id()
    good = [store.create(executor_id=executor_id, created_at=NOW + number) for number in range(2)]
    bad = [store.create(executor_id=executor_id, created_at=NOW - number) for number in range(1, 4)]
    for owner, changes in zip(
        bad, ({"status": "DELAYED"}, {"auth_roles": "["}, {"auth_roles": '{"a": 1}', "status": ""}), strict=True
    ):
        _update(store, "workflows", owner.workflow_id, changes)
    found = {record.workflow_id: record for record in _listed(store, executor_id)}
    assert found.keys() == {record.workflow_id for record in [*good, *bad]}
    assert [found[record.workflow_id] for record in good] == good
    assert all(found[record.workflow_id].unreadable for record in bad)
    unknown = store.database.reader.workflows(
        WorkflowFilter(executor_ids=[executor_id], statuses=[WorkflowStatusString.UNKNOWN])
    )
    assert {record.workflow_id for record in unknown} == {bad[0].workflow_id, bad[2].workflow_id}


def test_steps_of_unknown_kinds_do_not_hide_the_others(store: Store) -> None:
    good, bad = store.create(), store.create()
    for owner in (good, bad):
        assert store.write(RecordStep(record=recorded(owner))) is None
    _update(store, "steps", bad.workflow_id, {"kind": "telepathy"})
    found = store.database.reader.steps([good.workflow_id, bad.workflow_id])
    assert found[good.workflow_id][1] == recorded(good).step
    assert found[bad.workflow_id][1].kind is StepKind.UNKNOWN
    assert "'telepathy'" in found[bad.workflow_id][1].described


@pytest.fixture(autouse=True)
def _no_rows_for_other_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is planted here, others would not read."""
    yield
    if "store" in request.fixturenames:
        store: Store = request.getfixturevalue("store")
        with store.database.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {store.database.dialect.names.full('workflows')}"))


@pytest.fixture(scope="session")
def sqlite_store(store: Store) -> Store:
    if store.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps the types of its columns")
    return store


@given(data=st.data())
def test_any_value_in_any_column_of_sqlite(sqlite_store: Store, data: st.DataObject) -> None:
    store, reader = sqlite_store, sqlite_store.database.reader
    executor_id = new_id()
    good, bad = store.create(executor_id=executor_id), store.create(executor_id=executor_id)
    for owner in (good, bad):
        for number in (1, 2):
            assert store.write(RecordStep(record=recorded(owner, number))) is None
    planted = data.draw(st.dictionaries(st.sampled_from(NO_KEY), SQLITE_JUNK, max_size=4))
    planted.pop("executor_id", None)
    _update(store, "workflows", bad.workflow_id, planted)
    planted_steps = data.draw(st.dictionaries(st.sampled_from(NO_STEP_KEY), SQLITE_JUNK, max_size=3))
    planted_steps.pop("number", None)
    _update(store, "steps", bad.workflow_id, planted_steps)

    found = {record.workflow_id: record for record in _listed(store, executor_id)}
    assert found.keys() == {good.workflow_id, bad.workflow_id}
    assert found[good.workflow_id] == good == reader.workflow(good.workflow_id)
    steps = reader.steps([good.workflow_id, bad.workflow_id])
    assert dict(steps[good.workflow_id]) == {number: recorded(good, number).step for number in (1, 2)}
    assert len(steps[bad.workflow_id]) == 2
    assert store.write(cancel(good)) is True
    store.write(cancel(bad))
    store.delete(good)
    store.delete(bad)


@pytest.mark.parametrize("number", [b"\x00", "three", 1.5])
def test_step_whose_number_is_none_is_shown_below_zero(sqlite_store: Store, number: object) -> None:
    owner = sqlite_store.create()
    for position in (1, 2, 3):
        assert sqlite_store.write(RecordStep(record=recorded(owner, position))) is None
    name = sqlite_store.database.dialect.names.full("steps")
    with sqlite_store.database.engine.begin() as connection:
        for position, suffix in ((1, ""), (2, "more")):
            planted = f"{number!r}{suffix}" if suffix else number
            connection.execute(
                text(f"UPDATE {name} SET number = :number WHERE workflow_id = :id AND number = :position"),
                {"number": planted, "id": owner.workflow_id, "position": position},
            )
    steps = sqlite_store.steps(owner)
    assert sorted(steps) == [-2, -1, 3]
    assert {steps[-1].kind, steps[-2].kind} == {StepKind.UNKNOWN}


def test_text_that_is_no_utf8_is_told(sqlite_store: Store) -> None:
    executor_id = new_id()
    good, bad = sqlite_store.create(executor_id=executor_id), sqlite_store.create(executor_id=executor_id)
    assert sqlite_store.write(RecordStep(record=recorded(bad))) is None
    for table, column in (("workflows", "auth_user"), ("steps", "output")):
        name = sqlite_store.database.dialect.names.full(table)
        with sqlite_store.database.engine.begin() as connection:
            connection.execute(
                text(f"UPDATE {name} SET {column} = CAST(x'61ff62' AS TEXT) WHERE workflow_id = :id"),
                {"id": bad.workflow_id},
            )
    found = {record.workflow_id: record for record in _listed(sqlite_store, executor_id)}
    assert found[good.workflow_id] == good
    assert found[bad.workflow_id].unreadable == r"its auth_user is no text: b'a\xffb'"
    assert sqlite_store.steps(bad)[1].kind is StepKind.UNKNOWN
    # The connection reads as ever afterwards.
    assert sqlite_store.row(good) == good


def test_cancelling_a_row_whose_token_is_none(sqlite_store: Store) -> None:
    good, bad = sqlite_store.create(), sqlite_store.create()
    _update(sqlite_store, "workflows", bad.workflow_id, {"run_token": "none"})
    assert sqlite_store.together(cancel(bad), cancel(good)) == [True, True]


def test_partition_that_is_no_text_is_passed_over(sqlite_store: Store) -> None:
    queue = new_id()
    enqueued = {"status": WorkflowStatusString.ENQUEUED, "queue_name": queue}
    good = sqlite_store.create(partition_key="a", **enqueued)
    bad = sqlite_store.create(partition_key="b", **enqueued)
    _update(sqlite_store, "workflows", bad.workflow_id, {"partition_key": b"\xff"})
    assert sqlite_store.database.reader.partitions(queue) == ["a"]
    assert sqlite_store.row(good) == good
