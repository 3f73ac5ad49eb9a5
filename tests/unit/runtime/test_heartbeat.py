"""Whom an executor takes for dead, and when it may."""

import logging
import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import pytest

from dbos_typed.core.writes import Farewell, Heartbeat
from dbos_typed.runtime.services import heartbeat
from dbos_typed.runtime.services.heartbeat import BEATS_PER_TIMEOUT, HeartbeatService

TIMEOUT_SECONDS = 8.0
INTERVAL = TIMEOUT_SECONDS / BEATS_PER_TIMEOUT
DEAD = ["dead"]


class Bench:
    """An executor whose clock is set by the test, beside one that is always found dead."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.beats: list[Heartbeat] = []
        self.farewells: list[Farewell] = []
        self.recovered: list[list[str]] = []
        self.failures: list[BaseException] = []
        self.on_beat: Callable[[], None] = lambda: None
        self.service = HeartbeatService(
            executor_id="here",
            app_version="1",
            host="host",
            timeout_seconds=TIMEOUT_SECONDS,
            beat=self._beat,
            leave=self._leave,
            recover=self._recover,
            recover_again=lambda: None,
            logger=logging.getLogger("tests.heartbeat"),
        )

    def _beat(self, told: Heartbeat) -> list[str]:
        self.beats.append(told)
        self.on_beat()
        return list(DEAD)

    def _leave(self, farewell: Farewell) -> None:
        if self.failures:
            raise self.failures.pop()
        self.farewells.append(farewell)

    def _recover(self, executor_ids: Sequence[str]) -> None:
        if self.failures:
            raise self.failures.pop()
        self.recovered.append(list(executor_ids))

    def beat_after(self, seconds: float) -> list[str]:
        self.now += seconds
        return self.service.beat()


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    monkeypatch.setattr(heartbeat, "time", SimpleNamespace(monotonic=lambda: made.now))
    return made


def _settle(bench: Bench) -> None:
    """Beat regularly for one timeout."""
    bench.service.beat()
    assert [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT)][-1] == DEAD


def test_new_executor_takes_nobody_for_dead_within_its_first_timeout(bench: Bench) -> None:
    assert bench.service.beat() == []
    found = [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT + 1)]
    assert found == [[]] * (BEATS_PER_TIMEOUT - 1) + [DEAD, DEAD]


def test_executor_that_could_not_beat_for_long_judges_nobody_until_it_has_beaten_for_one_timeout(bench: Bench) -> None:
    _settle(bench)
    # All executors were held up, and the others say so only after this one.
    assert bench.beat_after(10 * TIMEOUT_SECONDS) == []
    found = [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT)]
    assert found == [[]] * (BEATS_PER_TIMEOUT - 1) + [DEAD]


def test_beat_that_waited_for_the_database_counts_from_its_answer(bench: Bench) -> None:
    _settle(bench)

    def hold_up() -> None:
        bench.now += 3 * INTERVAL

    bench.on_beat = hold_up
    assert bench.beat_after(0.0) == []
    bench.on_beat = lambda: None
    assert bench.beat_after(TIMEOUT_SECONDS - INTERVAL) == []


def test_one_lost_beat_is_no_interruption(bench: Bench) -> None:
    _settle(bench)
    assert bench.beat_after(2 * INTERVAL) == DEAD
    assert bench.beat_after(INTERVAL) == DEAD


def test_second_interruption_begins_the_timeout_anew(bench: Bench) -> None:
    _settle(bench)
    assert bench.beat_after(3 * INTERVAL) == []
    assert [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT - 1)] == [[]] * (BEATS_PER_TIMEOUT - 1)
    assert bench.beat_after(3 * INTERVAL) == []
    assert [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT)][-2:] == [[], DEAD]


def test_every_beat_says_who_is_alive_and_for_how_long(bench: Bench) -> None:
    bench.service.beat()
    (told,) = bench.beats
    assert (told.executor_id, told.app_version, told.host) == ("here", "1", "host")
    assert told.timeout_ms == TIMEOUT_SECONDS * 1000


def test_failed_recovery_of_the_dead_ends_no_heartbeat(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    _settle(bench)
    bench.failures = [ValueError("cannot be recovered")]
    stop = threading.Event()

    def count() -> None:
        # What is waited for by the real clock is due at once by this one.
        bench.now += INTERVAL
        if bench.recovered:
            stop.set()

    bench.on_beat = count
    bench.now += INTERVAL
    bench.service.run(stop)
    assert bench.recovered == [DEAD]
    assert "it is tried again with the next heartbeat" in caplog.text


def test_executor_that_cannot_say_that_it_ended_ends_all_the_same(bench: Bench) -> None:
    bench.failures = [ValueError("no database")]
    bench.service.leave()
    assert bench.farewells == []
    bench.service.leave()
    assert [farewell.executor_id for farewell in bench.farewells] == ["here"]
