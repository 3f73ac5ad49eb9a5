"""Who tries again when a database does not answer, and how often that is told."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.storage.availability import (
    FIRST_PAUSE_SECONDS,
    LASTING_SECONDS,
    MOST_PAUSE_SECONDS,
    Availability,
    Gate,
)

PATIENCE_SECONDS = 20.0
MANY = 30
TURNS = 7
GONE = DatabaseFault(OSError("gone"), FaultKind.UNAVAILABLE)


@pytest.fixture
def availability() -> Availability:
    return Availability(logging.getLogger("tests.storage.availability"))


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


class Crowd:
    """Callers that repeat what fails, and the moments at which one of them tried again."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = threading.Lock()
        self.began = time.monotonic()
        self.tries: list[float] = []
        gate.failed(GONE)

    def _try(self) -> bool:
        """One more attempt; whether it is the last because the database answers or is given up."""
        if not self._gate.is_shut or self._gate.is_closed:
            return True
        with self._lock:
            self.tries.append(time.monotonic())
            if len(self.tries) >= TURNS:
                self._gate.passed()
                return True
        self._gate.failed(GONE)
        return False

    def insist(self) -> None:
        while True:
            self._gate.wait(PATIENCE_SECONDS)
            if self._try():
                return

    async def insist_async(self) -> None:
        while True:
            await self._gate.wait_async(PATIENCE_SECONDS)
            if self._try():
                return

    def check(self) -> None:
        """No try came earlier than the pauses between them allow, however many wait."""
        least, pause = FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS
        for moment in self.tries[:TURNS]:
            assert moment - self.began >= least * 0.999
            least += 0.75 * pause
            pause = min(pause * 2, MOST_PAUSE_SECONDS)
        # Whoever looked up when it was over may have been counted too.
        assert TURNS <= len(self.tries) <= TURNS + 1


def test_of_many_threads_one_tries_at_a_time_and_its_success_lets_all_through(availability: Availability) -> None:
    crowd = Crowd(availability.reads)
    with ThreadPoolExecutor(MANY) as threads:
        done, left = wait([threads.submit(crowd.insist) for _ in range(MANY)], PATIENCE_SECONDS)
        availability.close()
    assert (len(done), len(left)) == (MANY, 0)
    assert all(future.exception() is None for future in done)
    crowd.check()


def test_of_many_coroutines_one_tries_at_a_time_and_its_success_lets_all_through(availability: Availability) -> None:
    crowd = Crowd(availability.reads)

    async def insist() -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*(crowd.insist_async() for _ in range(MANY)))

    asyncio.run(insist())
    crowd.check()


def test_success_wakes_who_waits_before_the_next_turn(availability: Availability) -> None:
    gate = availability.writes
    gate.failed(GONE)
    gate._next_turn = time.monotonic() + PATIENCE_SECONDS

    async def wait_in_loop() -> None:
        await gate.wait_async(PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(gate.wait, PATIENCE_SECONDS), threads.submit(asyncio.run, wait_in_loop())]
        _until(lambda: gate._waiting)
        began = time.monotonic()
        gate.passed()
        for future in waiting:
            future.result(PATIENCE_SECONDS)
    assert time.monotonic() - began < PATIENCE_SECONDS / 4


def test_open_gate_holds_nobody_up(availability: Availability) -> None:
    began = time.monotonic()
    availability.reads.wait(PATIENCE_SECONDS)
    asyncio.run(availability.reads.wait_async(PATIENCE_SECONDS))
    assert time.monotonic() - began < PATIENCE_SECONDS / 4


def test_nobody_waits_longer_than_it_wants_to(availability: Availability) -> None:
    gate = availability.reads
    gate.failed(GONE)
    gate._next_turn = time.monotonic() + PATIENCE_SECONDS
    began = time.monotonic()
    gate.wait(0.05)
    asyncio.run(gate.wait_async(0.05))
    assert 0.1 <= time.monotonic() - began < PATIENCE_SECONDS / 4
    assert gate.is_shut


def _is_failing(availability: Availability) -> bool:
    return availability.unavailable_since is not None


def test_failure_and_return_are_told_once_each_however_many_calls_fail(
    availability: Availability, caplog: pytest.LogCaptureFixture
) -> None:
    gates = (availability.reads, availability.writes, availability.transactions)
    with ThreadPoolExecutor(MANY) as threads:
        wait([threads.submit(gates[number % 3].failed, GONE) for number in range(10 * MANY)])
    assert _is_failing(availability)
    gates[0].passed()
    gates[1].passed()
    # One way of using it still fails.
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert _is_failing(availability)
    with ThreadPoolExecutor(MANY) as threads:
        wait([threads.submit(gates[number % 3].passed) for number in range(10 * MANY)])
    assert not _is_failing(availability)
    first, last = caplog.records
    assert "does not answer" in first.getMessage()
    assert "gone" in first.getMessage()
    assert "answers again" in last.getMessage()
    assert last.levelname == "WARNING"


def test_every_outage_is_told(
    availability: Availability, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dbos_typed.storage.availability.SETTLED_SECONDS", 0.01)
    for _ in range(3):
        availability.reads.failed(GONE)
        availability.reads.passed()
        time.sleep(0.02)
    assert ["answers again" in record.getMessage() for record in caplog.records] == [False, True] * 3


def test_success_without_a_failure_is_not_told(availability: Availability, caplog: pytest.LogCaptureFixture) -> None:
    availability.reads.passed()
    assert caplog.records == []
    assert availability.last_reached_at is not None
    assert availability.last_reached_at == pytest.approx(time.time() * 1000, abs=PATIENCE_SECONDS * 1000)


def test_close_lets_everybody_go_and_nothing_shuts_it_again(availability: Availability) -> None:
    gate = availability.transactions
    gate.failed(GONE)
    gate._next_turn = time.monotonic() + PATIENCE_SECONDS

    async def wait_in_loop() -> None:
        await gate.wait_async(PATIENCE_SECONDS)

    with ThreadPoolExecutor(3) as threads:
        waiting = [
            threads.submit(gate.wait, PATIENCE_SECONDS),
            threads.submit(gate.sleep, PATIENCE_SECONDS),
            threads.submit(asyncio.run, wait_in_loop()),
        ]
        _until(lambda: gate._waiting)
        began = time.monotonic()
        availability.close()
        for future in waiting:
            future.result(PATIENCE_SECONDS)
    assert time.monotonic() - began < PATIENCE_SECONDS / 4
    gate.failed(GONE)
    assert (gate.is_shut, gate.is_closed) == (False, True)


def test_flicker_is_told_once_and_a_failure_that_lasts_again(
    availability: Availability, caplog: pytest.LogCaptureFixture
) -> None:
    gate = availability.reads
    for _ in range(MANY):
        gate.failed(GONE)
        gate.passed()
    first = [each.getMessage() for each in caplog.records]
    assert len(first) == 2, first
    gate.failed(GONE)
    time.sleep(LASTING_SECONDS + 0.1)
    gate.failed(GONE)
    gate.failed(GONE)
    gate.passed()
    told = [each.getMessage() for each in caplog.records][2:]
    assert [line.split("(")[0] for line in told] == [
        "The database does not answer ",
        f"The database answers again, after {LASTING_SECONDS + 0.1:.1f} seconds.",
    ]


def _are_shut(availability: Availability) -> tuple[bool, bool]:
    return availability.transactions.is_shut, availability.writes.is_shut


def test_gate_that_everybody_left_opens_when_the_database_answers_elsewhere(availability: Availability) -> None:
    with availability.transactions.attended():
        with availability.transactions.attended():
            availability.transactions.failed(GONE)
            availability.writes.failed(GONE)
        availability.reads.passed()
        assert availability.transactions.is_shut, "somebody still tries"
    assert _are_shut(availability) == (True, True)
    availability.reads.passed()
    # The engine itself goes on trying to write.
    assert _are_shut(availability) == (False, True)
    availability.writes.passed()
    assert availability.unavailable_since is None


def test_hurry_bounds_how_long_a_lost_database_is_waited_for(availability: Availability) -> None:
    gate = availability.reads
    gate.failed(GONE)
    gate._next_turn = time.monotonic() + PATIENCE_SECONDS

    async def wait_in_loop() -> None:
        await gate.wait_async(PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(gate.wait, PATIENCE_SECONDS), threads.submit(asyncio.run, wait_in_loop())]
        _until(lambda: gate._waiting)
        assert not gate.is_closed
        began = time.monotonic()
        availability.hurry(0.1)
        for future in waiting:
            future.result(PATIENCE_SECONDS)
    assert 0.09 < time.monotonic() - began < PATIENCE_SECONDS / 4
    assert gate.is_closed


def test_hurry_does_not_close_what_answers(availability: Availability) -> None:
    availability.hurry(0.0)
    assert not availability.reads.is_closed
    availability.reads.failed(GONE)
    assert availability.reads.is_closed


def test_event_loop_that_was_closed_keeps_nobody_else_waiting(availability: Availability) -> None:
    gate = availability.reads
    gate.failed(GONE)
    gate._next_turn = time.monotonic() + PATIENCE_SECONDS
    loop = asyncio.new_event_loop()
    gate._waiting.add(loop.create_future())
    loop.close()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(gate.wait, PATIENCE_SECONDS)
        gate.passed()
        waiting.result(PATIENCE_SECONDS)
    assert not gate._waiting
