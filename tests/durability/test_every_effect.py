"""The reference workflow is stopped before and after every single thing it asks for, and recovered."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text

import dbos_typed.runtime.runtime as composition
from dbos_typed import DBOS, SetWorkflowID, Workflow
from dbos_typed.api.registration import registry
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from dbos_typed.storage.database import parse_url
from dbos_typed.storage.postgres import PostgresDialect
from dbos_typed.storage.schema import Tables, tables
from dbos_typed.storage.sqlite import SqliteDialect
from tests.durability.reference import CREATE_PAYMENTS, EXPECTED, FORMS, STEPS, Ledger
from tests.durability.scripted import Crash, Moment, Script, ScriptedDrivers

WAIT_SECONDS = 30
LEAST_EFFECTS = 40

# Before an effect is nearly after the one before it, so each pair of a database, a form and a moment is enough.
EXPLORATIONS = [
    pytest.param("sqlite", "sync", Moment.BEFORE, marks=pytest.mark.sqlite, id="sqlite-sync-before"),
    pytest.param("sqlite", "async", Moment.AFTER, marks=pytest.mark.sqlite, id="sqlite-async-after"),
    pytest.param("postgres", "sync", Moment.AFTER, marks=pytest.mark.postgres, id="postgres-sync-after"),
    pytest.param("postgres", "async", Moment.BEFORE, marks=pytest.mark.postgres, id="postgres-async-before"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the database holds of a reference workflow and its children."""

    steps: frozenset[tuple[str, str]]
    """(workflow id, name) of every recorded step."""
    payments: list[int]
    children: int
    statuses: set[str]
    messages: Counter[tuple[str | None, bool]]
    """How many messages there are by topic and by whether they were received."""


def runtime() -> Runtime:
    """The launched runtime."""
    launched = current.get()
    assert isinstance(launched, Runtime)
    return launched


class Laboratory:
    """One database, on which runtimes live and die one after the other."""

    def __init__(self, url: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "_workflows", {})
        monkeypatch.setattr(registry, "_queues", {})
        monkeypatch.setattr(composition, "Drivers", lambda **given: ScriptedDrivers(self.script, **given))
        self.script: Script = Script()
        self.ledger = Ledger()
        self.workflow: Workflow[[int], Any] = FORMS[form](self.ledger)
        self._url = url
        parsed = parse_url(url)
        self._engine: Engine = create_engine(parsed)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        self._tables: Tables = tables((SqliteDialect() if is_sqlite else PostgresDialect("dbos_typed")).names)
        with self._engine.begin() as connection:
            connection.execute(text(CREATE_PAYMENTS))

    @contextmanager
    def launched(self) -> Iterator[Script]:
        """A runtime; the block is left when it has crashed, or at its end. Every thread of it has ended then."""
        self.script = script = Script()
        DBOS(config={"name": "lab", "database_url": self._url, "executor_id": "e", "application_version": "v"})
        DBOS.launch()
        script.on_crash = runtime()._hub.publish_all
        try:
            yield script
        except Crash:
            pass
        finally:
            # The next runtime must not begin while code of this one still runs, as it would not after a real death.
            began = time.monotonic()
            DBOS.destroy(workflow_completion_timeout_sec=WAIT_SECONDS)
            assert time.monotonic() - began < WAIT_SECONDS / 2, "a thread outlived its runtime"

    def start(self, workflow_id: str) -> None:
        """Start the workflow unless it exists, as a caller that was not answered does."""
        with SetWorkflowID(workflow_id):
            DBOS.start_workflow(self.workflow, 7)

    def until_ended(self, workflow_id: str, script: Script) -> None:
        """Block until the run of the workflow has ended or its runtime crashed."""
        deadline = time.monotonic() + WAIT_SECONDS
        with runtime()._hub.subscribe(("done", workflow_id)) as subscription:
            while runtime().engine.runs.is_active(workflow_id) and script.crashed_at is None:
                assert time.monotonic() < deadline, f"the workflow did not end: {script.kinds}"
                subscription.wait(1)

    def found(self, workflow_id: str) -> Found:
        workflows, steps, messages = self._tables.workflows.c, self._tables.steps.c, self._tables.messages.c
        with self._engine.connect() as connection:
            ours = workflows.workflow_id.startswith(workflow_id)
            rows = connection.execute(select(workflows.workflow_id, workflows.status).where(ours)).all()
            recorded = connection.execute(
                select(steps.workflow_id, steps.name).where(
                    steps.workflow_id.startswith(workflow_id), steps.kind == "step"
                )
            )
            sent = connection.execute(
                select(messages.topic, messages.taken_by).where(messages.destination_id.startswith(workflow_id))
            )
            paid = connection.execute(
                text("SELECT amount FROM payments WHERE workflow_id = :id"), {"id": workflow_id}
            ).scalars()
            return Found(
                steps=frozenset((row.workflow_id, row.name) for row in recorded),
                payments=list(paid),
                children=sum(row.workflow_id != workflow_id for row in rows),
                statuses={row.status for row in rows},
                messages=Counter((row.topic, row.taken_by is not None) for row in sent),
            )

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def laboratory(database_url: str, form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    laboratory = Laboratory(database_url, form, monkeypatch)
    yield laboratory
    laboratory.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What a crashed runtime left of a workflow."""

    workflow_id: str
    recorded: frozenset[tuple[str, str]]
    runs: Counter[tuple[str, str]]


def check_recovered(laboratory: Laboratory, remains: Remains) -> None:
    """Let the launched runtime end the workflow, and compare what is there with an undisturbed run."""
    workflow_id = remains.workflow_id
    laboratory.start(workflow_id)
    assert DBOS.retrieve_workflow(workflow_id).get_result(WAIT_SECONDS) == EXPECTED
    found = laboratory.found(workflow_id)
    assert found.payments == [30], "a transaction's effect is there exactly once"
    assert found.children == 2
    assert found.statuses == {"SUCCESS"}
    assert found.messages == {("note", True): 1, ("go", True): 1}, "every message was received, once"
    assert len(found.steps) == len(STEPS)
    for owner, name in found.steps:
        runs = laboratory.ledger.runs[owner, name] - remains.runs[owner, name]
        again = 0 if (owner, name) in remains.recorded else STEPS[name]
        assert runs == again, f"step {name!r} ran {runs} times in the recovery; recorded before: {not again}"


EXPLORED = {"Commit", "Query", "Call", "WaitFor", "Spawn"}
"""Kinds of effects at which a crash must have been tried."""
MOST_ATTEMPTS = 120


@pytest.mark.parametrize(("database_url", "form", "moment"), EXPLORATIONS, indirect=["database_url"])
def test_crash_at_every_effect_recovers_to_the_undisturbed_result(laboratory: Laboratory, moment: Moment) -> None:
    explored: Counter[str] = Counter()
    remains: Remains | None = None
    # Parent and child run side by side, so the n-th effect is not the same in every run: a kind of which there are only
    # one or two may be passed over while counting, and is then gone back to where the undisturbed run had it.
    stops = count(1)
    passed_over: list[int] = []
    for attempt in count(1):
        stop_at = passed_over.pop() if passed_over else next(stops)
        workflow_id = f"order-{attempt:03}"
        # Each runtime recovers what the one before left, and is the next to crash.
        with laboratory.launched() as script:
            if remains is not None:
                check_recovered(laboratory, remains)
            script.arm(stop_at, moment)
            laboratory.start(workflow_id)
            laboratory.until_ended(workflow_id, script)
        remains = Remains(
            workflow_id=workflow_id,
            recorded=laboratory.found(workflow_id).steps,
            runs=Counter(laboratory.ledger.runs),
        )
        if script.crashed_at is not None:
            explored[type(script.crashed_at).__name__] += 1
        elif set(explored) >= EXPLORED or attempt > MOST_ATTEMPTS:
            break
        else:
            passed_over = [script.kinds.index(kind) + 1 for kind in EXPLORED - set(explored)]
    print(f"{explored.total()} effects explored: {dict(explored)}")  # noqa: T201  # seen with `pytest -s`
    assert explored.total() >= LEAST_EFFECTS
    assert set(explored) >= EXPLORED
