"""Deadlines: which are kept, when they are carried out, and how often."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from dbos_typed.clock import SystemClock
from dbos_typed.runtime.services import supervision
from dbos_typed.runtime.services.timers import SPARE_ENTRIES, DeadlineTimers

PATIENCE_SECONDS = 20
LATER_MS = 3_600_000
MANY = 20_000


class Bench:
    """Timers, and what they cancelled."""

    def __init__(self) -> None:
        self.cancelled: list[list[str]] = []
        self.failures: list[BaseException] = []
        self.timers = DeadlineTimers(cancel=self._cancel, clock=SystemClock(), logger=logging.getLogger("tests.timers"))

    def _cancel(self, workflow_ids: Sequence[str]) -> None:
        if self.failures:
            raise self.failures.pop()
        self.cancelled.append(sorted(workflow_ids))

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, self.cancelled
            time.sleep(0.005)


def now() -> int:
    return int(time.time() * 1000)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.timers.thread.stop()
    assert not made.timers.thread.is_alive


def test_without_deadlines_there_is_no_thread(bench: Bench) -> None:
    bench.timers.forget("unknown")
    assert not bench.timers.thread.is_alive
    assert bench.timers.thread.health() is None


def test_deadlines_that_are_due_together_are_carried_out_with_one_call(bench: Bench) -> None:
    due = now() + 100
    for number in range(50):
        bench.timers.cancel_at(f"w{number:02}", due)
    bench.timers.cancel_at("later", due + LATER_MS)
    bench.until(lambda: bool(bench.cancelled))
    assert bench.cancelled == [[f"w{number:02}" for number in range(50)]]
    assert list(bench.timers._deadlines) == ["later"]


def test_earlier_deadline_comes_first_whenever_it_was_given(bench: Bench) -> None:
    bench.timers.cancel_at("far", now() + LATER_MS)
    bench.timers.cancel_at("near", now() + 20)
    bench.until(lambda: bench.cancelled == [["near"]])


def test_forgotten_deadline_is_not_carried_out(bench: Bench) -> None:
    due = now() + 100
    bench.timers.cancel_at("ended", due)
    bench.timers.cancel_at("running", due)
    bench.timers.forget("ended")
    bench.until(lambda: bool(bench.cancelled))
    assert bench.cancelled == [["running"]]


def test_last_deadline_of_a_workflow_counts(bench: Bench) -> None:
    bench.timers.cancel_at("resumed", now() + 50)
    bench.timers.cancel_at("resumed", now() + LATER_MS)
    bench.timers.cancel_at("other", now() + 100)
    bench.until(lambda: bool(bench.cancelled))
    assert bench.cancelled == [["other"]]


def test_workflows_that_have_ended_take_no_memory(bench: Bench) -> None:
    due = now() + LATER_MS
    bench.timers.cancel_at("running", due)
    for number in range(MANY):
        bench.timers.cancel_at(str(number), due + number)
        bench.timers.forget(str(number))
        assert len(bench.timers._heap) <= 2 * 2 + SPARE_ENTRIES + 1
    for number in range(MANY):
        bench.timers.cancel_at(str(number), due + number)
    for number in range(MANY):
        bench.timers.forget(str(number))
    assert list(bench.timers._deadlines) == ["running"]
    assert len(bench.timers._heap) <= 2 + SPARE_ENTRIES


@pytest.mark.parametrize("failure", [OSError("no database"), SystemExit()])
def test_deadline_that_could_not_be_carried_out_is_tried_again(
    bench: Bench, failure: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    bench.failures = [failure, failure]
    bench.timers.cancel_at("w", now())
    bench.until(lambda: bench.cancelled == [["w"]])
    told = bench.timers.thread.health()
    assert told is not None
    assert told.restarts == 2
    bench.until(lambda: not bench.timers._deadlines)


def test_deadline_of_a_workflow_that_ended_meanwhile_is_not_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.2)
    bench.failures = [OSError("no database")]
    bench.timers.cancel_at("ended", now())
    bench.until(lambda: not bench.failures)
    bench.timers.forget("ended")
    bench.timers.cancel_at("other", now())
    bench.until(lambda: bool(bench.cancelled))
    assert bench.cancelled == [["other"]]
