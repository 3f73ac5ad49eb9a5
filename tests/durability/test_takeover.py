"""Several executors on one database: the work of one that dies, or seems to, is continued by the others."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, Row, create_engine, text

from dbos_typed.storage.database import parse_url

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("executor.py")
ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 30.0
TIMEOUT_SECONDS = 1.0
"""After which the executors take one another for dead."""
SLACK_SECONDS = 5.0
"""On a busy machine."""
ERRANDS = 60
STALE_ERRANDS = 8
LOAD = 200
"""Errands that two executors have begun together when one of them is killed."""


class Place:
    """A database that executors share, and a folder for what they do in the world."""

    def __init__(self, url: str, folder: Path, engine: Engine) -> None:
        self.url = url
        self.folder = folder
        self._engine = engine
        self._prefix = "dbos_" if engine.dialect.name == "sqlite" else "dbos_typed."

    def rows(self, query: str) -> Sequence[Row[tuple[object, ...]]]:
        """Rows of a query; `{prefix}` stands before the names of the engine's tables."""
        with self._engine.connect() as connection:
            return connection.execute(text(query.format(prefix=self._prefix))).all()

    def count(self, condition: str) -> int:
        """How many workflows there are."""
        return int(str(self.rows(f"SELECT count(*) FROM {{prefix}}workflows WHERE {condition}")[0][0]))

    def effects(self) -> Counter[tuple[str, str, str]]:
        """How often each step of each workflow happened on each executor."""
        found: Counter[tuple[str, str, str]] = Counter()
        for line in (self.folder / "effects").read_text().splitlines():
            workflow_id, step, executor_id, _ = line.split()
            found[workflow_id, step, executor_id] += 1
        return found

    def recorded_by(self, executor_id: str) -> set[tuple[object, object]]:
        """The steps, with their workflows, that the executor recorded: each result says whose it is."""
        query = f"SELECT workflow_id, name FROM {{prefix}}steps WHERE output LIKE '%by {executor_id}\"'"
        return {(row.workflow_id, row.name) for row in self.rows(query)}

    def moments(self) -> Sequence[tuple[str, str, str, int]]:
        """Workflow, step, executor and moment of everything that happened, the moment in nanoseconds."""
        lines = (line.split() for line in (self.folder / "effects").read_text().splitlines())
        return [(workflow_id, step, name, int(moment)) for workflow_id, step, name, moment in lines]

    def started(self, executor_id: str) -> set[str]:
        """The ids of the errands whose start returned on an executor under load."""
        return set((self.folder / f"started-{executor_id}").read_text().split())


@contextmanager
def executor(place: Place, executor_id: str) -> Generator[subprocess.Popen[str]]:
    """A process that is an executor; killed at the end of the block."""
    with subprocess.Popen(
        [sys.executable, str(SCRIPT), place.url, str(place.folder), executor_id],
        stdin=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            until((place.folder / f"ready-{executor_id}").exists)
            yield process
        finally:
            process.kill()


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    engine = create_engine(parse_url(database_url))
    yield Place(database_url, tmp_path, engine)
    engine.dispose()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"it did not come within {WAIT_SECONDS} s"
        time.sleep(0.005)


def tell(process: subprocess.Popen[str], command: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{command}\n")


def _errands(count: int) -> list[str]:
    return [f"errand-{number:03}" for number in range(count)]


def test_work_of_a_killed_executor_is_shared_by_the_living(place: Place) -> None:
    with ExitStack() as living:
        doomed = living.enter_context(executor(place, "doomed"))
        for name in ("one", "other"):
            living.enter_context(executor(place, name))
        tell(doomed, f"start {ERRANDS}")
        until((place.folder / "effects").exists)
        until(lambda: place.count("status IN ('PENDING', 'SUCCESS')") == ERRANDS)
        until(lambda: place.count("status = 'SUCCESS'") > ERRANDS // 10)
        doomed.kill()
        killed_at = time.monotonic()
        doomed.wait()
        until(lambda: place.count("status = 'PENDING' AND executor_id = 'doomed'") == 0)
        assert time.monotonic() - killed_at < TIMEOUT_SECONDS + SLACK_SECONDS
        until(lambda: place.count("status = 'SUCCESS'") == ERRANDS)

    left = place.count("executor_id <> 'doomed'")
    assert left > 0, "the executor died in the middle of its work"
    happened, recorded = place.effects(), place.recorded_by("doomed")
    by_step: Counter[tuple[str, str]] = Counter()
    for (workflow_id, step, _), times in happened.items():
        by_step[workflow_id, step] += times
    expected = {
        (errand, step): happened[errand, step, "doomed"] + ((errand, step) not in recorded)
        for errand in _errands(ERRANDS)
        for step in ("leave", "return")
    }
    assert by_step == expected, "a step happens again only where the process died between its body and its record"
    assert place.count("recovery_attempts = 1") == left
    assert place.count("recovery_attempts = 0") == ERRANDS - left


def test_load_of_a_killed_executor_is_taken_over_in_time_and_nothing_is_run_by_two_at_once(place: Place) -> None:
    with executor(place, "doomed") as doomed, executor(place, "living") as living:
        for process in (doomed, living):
            tell(process, "load")
        until(lambda: place.count("status = 'SUCCESS'") > LOAD // 4 and place.count("status <> 'ENQUEUED'") > LOAD)
        doomed.kill()
        killed_at = time.monotonic_ns()
        doomed.wait()
        # The other one is still under load while it takes over.
        until(lambda: place.count("status = 'PENDING' AND executor_id = 'doomed'") == 0)
        taken_over_after = (time.monotonic_ns() - killed_at) / 1e9
        assert taken_over_after < TIMEOUT_SECONDS + SLACK_SECONDS
        tell(living, "rest")
        until((place.folder / "rested-living").exists)
        until(lambda: place.count("status <> 'SUCCESS'") == 0)

    assert place.count("recovery_attempts = 1") > 0, "the executor died in the middle of its work"
    recorded = place.recorded_by("doomed")
    # Nothing lost: what was started is stored and has succeeded, each with both its effects.
    done = {row.workflow_id for row in place.rows("SELECT workflow_id FROM {prefix}workflows")}
    assert place.started("doomed") | place.started("living") <= done
    moments = place.moments()
    assert {(workflow_id, step) for workflow_id, step, _, _ in moments} == {
        (workflow_id, step) for workflow_id in done for step in ("leave", "return")
    }
    # Nothing by two at once: the living one began what the dead one had begun only after its death.
    by_doomed = [(workflow_id, step) for workflow_id, step, name, _ in moments if name == "doomed"]
    begun_by_doomed = {workflow_id for workflow_id, _ in by_doomed}
    later = [(workflow_id, moment) for workflow_id, _, name, moment in moments if name == "living"]
    assert all(moment > killed_at for workflow_id, moment in later if workflow_id in begun_by_doomed)
    # And nothing twice, except where the process died between a step and its record.
    times = Counter((workflow_id, step) for workflow_id, step, _, _ in moments)
    repeated = {key for key, count in times.items() if count > 1}
    assert repeated <= set(by_doomed) - recorded
    assert max(times.values()) <= 2
    assert place.count("recovery_attempts > 1") == 0


def test_executor_that_was_only_silent_is_fenced_when_it_wakes_up(place: Place) -> None:
    hold = place.folder / "hold-stale"
    hold.touch()
    errands = _errands(STALE_ERRANDS)
    with executor(place, "stale") as stale, executor(place, "living"):
        tell(stale, f"start {STALE_ERRANDS}")
        until((place.folder / "effects").exists)
        until(lambda: place.effects().total() == STALE_ERRANDS)
        stale.send_signal(signal.SIGSTOP)
        until(lambda: place.count("status = 'SUCCESS'") == STALE_ERRANDS)
        done = {row.workflow_id: row for row in place.rows("SELECT * FROM {prefix}workflows")}
        steps = list(place.rows("SELECT * FROM {prefix}steps ORDER BY workflow_id, number"))

        hold.unlink()
        stale.send_signal(signal.SIGCONT)
        tell(stale, "await")
        results = place.folder / "results-stale"
        until(results.exists)

        assert results.read_text().splitlines() == ["leave by living, return by living"] * STALE_ERRANDS
        assert {row.workflow_id: row for row in place.rows("SELECT * FROM {prefix}workflows")} == done
        assert list(place.rows("SELECT * FROM {prefix}steps ORDER BY workflow_id, number")) == steps
        assert place.effects() == Counter(
            [(errand, "leave", name) for errand in errands for name in ("stale", "living")]
            + [(errand, "return", "living") for errand in errands]
        ), "a run that lost its workflow stops at its next write"
        assert {row.executor_id for row in done.values()} == {"living"}
