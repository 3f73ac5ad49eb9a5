"""Whom an executor takes for dead, and when it may."""

import logging
import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from dbos_typed.core.engine import Identity
from dbos_typed.core.writes import Beat, Farewell, Heartbeat
from dbos_typed.records import ExecutorRecord, LockState
from dbos_typed.runtime.services import heartbeat
from dbos_typed.runtime.services.heartbeat import BEATS_PER_TIMEOUT, HeartbeatService

TIMEOUT_SECONDS = 8.0
INTERVAL = TIMEOUT_SECONDS / BEATS_PER_TIMEOUT
DEAD = ["dead"]


def executor(**changes: Any) -> ExecutorRecord:
    """One that was seen a moment ago."""
    fields: dict[str, Any] = {
        "executor_id": "dead",
        "launch_id": "other",
        "app_version": "1",
        "host": "elsewhere",
        "pid": 7,
        "started_at": 1,
        "seen_at": 1_000,
        "lease_ms": 8_000,
        "lock": LockState.UNKNOWN,
        "silent_ms": 0,
        "is_ended": False,
    }
    return ExecutorRecord(**{**fields, **changes})


class Bench:
    """An executor whose clock is set by the test, beside one that is always found dead."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.beats: list[Heartbeat] = []
        self.farewells: list[Farewell] = []
        self.recovered: list[list[str]] = []
        self.failures: list[BaseException] = []
        self.dead: ExecutorRecord | None = None
        self.holders: dict[str, str] = {}
        self.on_beat: Callable[[], None] = lambda: None
        self.service = HeartbeatService(
            identity=Identity("here"),
            app_version="1",
            host="host",
            timeout_seconds=TIMEOUT_SECONDS,
            beat=self._beat,
            leave=self._leave,
            recover=self._recover,
            recover_again=lambda: None,
            logger=logging.getLogger("tests.heartbeat"),
        )

    def _beat(self, told: Heartbeat) -> Beat:
        self.beats.append(told)
        self.on_beat()
        launch_id = self.holders.get(told.executor_id, told.launch_id)
        holder = executor(executor_id=told.executor_id, launch_id=launch_id)
        return Beat(holder=holder, owners={"dead": self.dead})

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
    assert told.lease_ms == TIMEOUT_SECONDS * 1000
    assert (told.launch_id, told.lock_name) == (bench.service.launch_id, None)


@pytest.mark.parametrize(
    ("changes", "beats"),
    [
        ({}, None),
        ({"lock": LockState.HELD}, None),
        ({"is_ended": True}, 1),
        ({"lock": LockState.GONE}, 1),
        ({"app_version": "2"}, 1),
        ({"lock": LockState.LOST}, 2),
        ({"lock": LockState.LOST, "silent_ms": 9_000}, 2),
        ({"lock": LockState.OUTDATED}, None),
        ({"lock": LockState.OUTDATED, "silent_ms": 9_000}, 2),
        ({"silent_ms": 9_000}, BEATS_PER_TIMEOUT + 1),
        ({"lock": LockState.HELD, "silent_ms": 9_000}, BEATS_PER_TIMEOUT + 1),
    ],
)
def test_dead_is_known_by_its_row_at_once_by_its_session_at_a_second_look_and_else_by_its_silence(
    bench: Bench, changes: dict[str, Any], beats: int | None
) -> None:
    bench.dead = executor(**changes)
    found = [bench.beat_after(INTERVAL) for _ in range(BEATS_PER_TIMEOUT + 3)]
    assert found == [DEAD if beats is not None and number >= beats else [] for number in range(1, len(found) + 1)]


def test_one_that_lost_its_session_and_writes_is_alive(bench: Bench) -> None:
    for seen_at in range(BEATS_PER_TIMEOUT + 3):
        bench.dead = executor(lock=LockState.LOST, seen_at=seen_at + 1)
        assert bench.beat_after(INTERVAL) == []


def test_executor_whose_id_was_taken_goes_on_under_another(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.service.beat()
    bench.holders["here"] = "somebody else"
    bench.service.beat()
    *_, last = bench.beats
    assert last.executor_id.startswith("here-")
    assert last.launch_id == bench.service.launch_id
    assert "'here' was taken by process 7 on elsewhere" in caplog.text


def test_lock_is_told_at_once_and_not_when_it_is_not_held(bench: Bench) -> None:
    stop = threading.Event()
    is_held = True
    bench.on_beat = stop.set
    bench.service.hold("lock", lambda: is_held)
    bench.service.run(stop)
    assert bench.beats[-1].lock_name == "lock"
    is_held = False
    bench.service.beat()
    assert bench.beats[-1].lock_name is None


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


def test_claim_waits_for_the_lock_and_names_it(bench: Bench) -> None:
    taking = threading.Timer(0.1, bench.service.hold, ["lock"])
    taking.start()
    bench.service.claim()
    taking.join()
    assert [beat.lock_name for beat in bench.beats] == ["lock"]


def test_claim_does_not_wait_where_no_lock_is_to_be_had(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "LOCK_SECONDS", 60.0)
    bench.service.hold(None)
    bench.service.claim()
    assert [beat.lock_name for beat in bench.beats] == [None]
