"""The engine's clock is put right by the database's."""

import time

import pytest

from dbos_typed.runtime import database_clock
from dbos_typed.runtime.database_clock import DatabaseClock


class _World:
    """A machine's clock that is wrong by some seconds, and a database that takes a while to answer."""

    def __init__(self, *, wrong_by: float, takes: float = 0.0) -> None:
        self.true = 1_000_000.0
        self.wrong_by = wrong_by
        self.takes = takes
        self.reads = 0

    def now(self) -> float:
        return self.true + self.wrong_by

    def monotonic(self) -> float:
        return self.true

    def read_ms(self) -> int:
        self.reads += 1
        self.true += self.takes / 2
        answer = int(self.true * 1000)
        self.true += self.takes / 2
        return answer


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time by which it is decided whether to compare again; a test moves it."""
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    return moment


@pytest.mark.parametrize("wrong_by", [0.0, 300.0, -300.0, 0.5])
def test_wrong_clock_is_put_right(wrong_by: float, pauses: list[float]) -> None:
    world = _World(wrong_by=wrong_by, takes=0.004)
    clock = DatabaseClock(world, world.read_ms)
    assert clock.now() == world.now()
    clock.compare()
    assert clock.now() == pytest.approx(world.true, abs=0.006)


def test_difference_that_the_answer_allows_is_left_as_it_is(pauses: list[float]) -> None:
    world = _World(wrong_by=0.0, takes=4.0)
    clock = DatabaseClock(world, world.read_ms)
    clock.compare()
    assert clock.now() == world.now()


def test_clock_that_is_set_is_noticed(pauses: list[float]) -> None:
    world = _World(wrong_by=0.0)
    clock = DatabaseClock(world, world.read_ms)
    clock.compare()
    world.wrong_by = 3600.0
    pauses[0] += database_clock.COMPARED_EVERY_SECONDS
    clock.compare()
    assert clock.now() == pytest.approx(world.true, abs=0.002)


def test_database_is_not_asked_all_the_time(pauses: list[float]) -> None:
    world = _World(wrong_by=0.0)
    clock = DatabaseClock(world, world.read_ms)
    for _ in range(10):
        clock.compare()
    assert world.reads == 1
