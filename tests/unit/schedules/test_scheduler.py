"""The scheduler: which ticks it begins, and how long it waits between them."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest

from dbos_typed.core.cron import parse_cron
from dbos_typed.core.ports import SCHEDULES_SIGNAL
from dbos_typed.core.registry import Registry, ScheduleDefinition
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.services.scheduler import Scheduler
from dbos_typed.runtime.services.supervision import ServiceThread

NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


class SetClock:
    """Shows the time to which it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> float:
        return self.moment.timestamp()

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Bench:
    """A scheduler on a clock that is set, and what it has begun."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.clock = SetClock(NOON)
        self.hub = Hub(lambda _, __: None)
        self.begun: list[tuple[str, datetime, datetime]] = []
        self.is_failing = False
        self.has_begun = threading.Event()
        self.scheduler = Scheduler(
            registry=self.registry,
            listener=self.hub,
            clock=self.clock,
            fire=self._fire,
            logger=logging.getLogger("tests.schedules"),
        )

    def schedule(self, name: str, expression: str) -> None:
        self.registry.add_schedule(
            ScheduleDefinition(function=_report, cron=parse_cron(expression), label=name, has_receiver=False)
        )

    def at(self, **after_noon: float) -> float | None:
        self.clock.moment = NOON + timedelta(**after_noon)
        return self.scheduler.run_due(threading.Event())

    def _fire(self, schedule: ScheduleDefinition, scheduled: datetime, actual: datetime) -> None:
        if self.is_failing:
            raise OSError("no database")
        self.begun.append((schedule.label, scheduled, actual))
        self.has_begun.set()


def _report(scheduled: datetime, actual: datetime) -> None:
    del scheduled, actual


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_nothing_is_due_without_schedules(bench: Bench) -> None:
    assert bench.at(hours=5) is None
    assert bench.begun == []


def test_tick_is_begun_when_it_is_due_and_not_again(bench: Bench) -> None:
    bench.schedule("report", "*/10 * * * *")
    assert bench.at() == timedelta(minutes=10).total_seconds()
    assert bench.at(minutes=9, seconds=59) == 1
    assert bench.at(minutes=10, seconds=0.25) == pytest.approx(599.75)
    assert bench.at(minutes=10, seconds=1) == 599
    due = NOON + timedelta(minutes=10)
    assert bench.begun == [("report", due, due + timedelta(seconds=0.25))]


def test_of_ticks_that_pass_in_a_pause_the_first_is_begun_late(bench: Bench) -> None:
    bench.schedule("report", "* * * * *")
    bench.at()
    bench.at(minutes=5, seconds=30)
    assert [scheduled for _, scheduled, _ in bench.begun] == [NOON + timedelta(minutes=1)]
    bench.at(minutes=6)
    assert bench.begun[-1][1] == NOON + timedelta(minutes=6)


def test_each_schedule_has_its_own_ticks(bench: Bench) -> None:
    bench.schedule("often", "*/2 * * * *")
    bench.schedule("seldom", "*/5 * * * *")
    for minute in range(11):
        bench.at(minutes=minute)
    assert [name for name, *_ in bench.begun] == ["often"] * 2 + ["seldom"] + ["often"] * 2 + ["often", "seldom"]


def test_clock_that_is_set_back_begins_no_tick_twice(bench: Bench) -> None:
    bench.schedule("report", "* * * * *")
    bench.at()
    bench.at(minutes=1)
    bench.at(minutes=0, seconds=59)
    bench.at(minutes=1, seconds=1)
    assert len(bench.begun) == 1


def test_tick_that_cannot_be_begun_is_logged_and_the_next_one_is_begun(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.schedule("report", "* * * * *")
    bench.at()
    bench.is_failing = True
    bench.at(minutes=1)
    assert "report" in caplog.text
    bench.is_failing = False
    bench.at(minutes=2)
    assert len(bench.begun) == 1


def test_what_is_scheduled_while_it_waits_is_noticed_and_stopping_ends_the_wait(bench: Bench) -> None:
    thread = ServiceThread(bench.scheduler, logging.getLogger("tests.schedules"))
    thread.start()
    bench.schedule("report", "* * * * * *")
    bench.hub.publish([SCHEDULES_SIGNAL])
    bench.clock.moment = NOON + timedelta(seconds=1)
    while not bench.has_begun.wait(0.01):
        bench.clock.moment += timedelta(seconds=1)
        bench.hub.publish([SCHEDULES_SIGNAL])
    thread.stop()
    thread.stop()
    assert bench.begun[0][0] == "report"
