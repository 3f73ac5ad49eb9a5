"""A caller is cancelled at each point where it waits. What it has started ends nevertheless, with its own outcome."""

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

import dbos_typed.runtime.runtime as composition
from tests.simulation.blows import BLOWS, Seam
from tests.simulation.interruption import InterruptedDrivers, Interruption, Turn
from tests.simulation.laboratory import Laboratory
from tests.simulation.operation import Body
from tests.simulation.saboteur import Plan, Strike, at_rest
from tests.simulation.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

STARTING = ("called_child", "failing_called_child", "started_child", "enqueued_child", "fork", "restart", "resume")
CANCELLED = "the caller was cancelled"
LEAST_INTERRUPTIONS = 60


@pytest.fixture
def interruption(monkeypatch: pytest.MonkeyPatch) -> Interruption:
    interruption = Interruption()
    monkeypatch.setattr(composition, "Drivers", lambda **given: InterruptedDrivers(interruption, **given))
    return interruption


@pytest.fixture
def laboratory(interruption: Interruption, laboratory: Laboratory) -> Laboratory:
    """The laboratory, launched with drivers that interrupt while its window is open."""
    interruption.is_open = lambda: laboratory.saboteur.is_open
    return laboratory


class Callers:
    """Makes operations in tasks that are cancelled."""

    def __init__(self, laboratory: Laboratory, interruption: Interruption) -> None:
        self._laboratory = laboratory
        self._interruption = interruption
        self._numbers = count(1)
        self.interrupted = 0
        self.problems: list[str] = []

    def bodies(self) -> Iterator[tuple[str, Body]]:
        for operation in self._laboratory.operations:
            if operation.name in STARTING:
                yield operation.name, operation.body

    def interrupt_each(self, name: str, body: Body, plan: Plan = at_rest) -> None:
        """Cancel the caller at every effect."""
        me, _ = self._run(body, 0, Turn.BEFORE, at_rest)
        expected = self._laboratory.observer.observe(me).tables
        for number in range(1, len(self._interruption.kinds) + 1):
            for turn in Turn:
                me, result = self._run(body, number, turn, plan)
                self.interrupted += result == CANCELLED
                kinds = self._interruption.kinds
                where = f"{name} cancelled {turn.value} effect {number} of {kinds}"
                unfinished = self._laboratory.unfinished_in_the_end(me)
                if unfinished:
                    self.problems.append(f"{where}: {unfinished}")
                found = self._laboratory.observer.observe(me).tables
                self.problems += [
                    f"{where}: {row} is not expected"
                    for row in found["workflows"]
                    if row not in expected["workflows"] and row[2] != "CANCELLED"
                ]

    def _run(self, body: Body, stop_at: int, turn: Turn, plan: Plan) -> tuple[str, Any]:
        me = f"c{next(self._numbers):06}"
        self._laboratory.saboteur.arm(plan)

        async def call() -> Any:
            self._interruption.watch(stop_at, turn)
            try:
                return await body(me)
            except asyncio.CancelledError:
                return CANCELLED
            except Exception as error:  # noqa: BLE001  # the operation's own
                return error

        return me, self._laboratory.begin(call).result(2 * PATIENCE_SECONDS)


def test_workflow_of_a_cancelled_caller_ends_by_itself(laboratory: Laboratory, interruption: Interruption) -> None:
    callers = Callers(laboratory, interruption)
    for name, body in callers.bodies():
        callers.interrupt_each(name, body)
    assert not callers.problems, "\n".join(callers.problems)
    assert callers.interrupted >= LEAST_INTERRUPTIONS
    assert not laboratory.unfinished_in_the_end("c")


def test_workflow_of_a_caller_that_is_cancelled_during_an_outage_ends_by_itself(
    laboratory: Laboratory, interruption: Interruption
) -> None:
    callers = Callers(laboratory, interruption)
    outage = Strike(seam=Seam.BATCH, number=1, blow=BLOWS[laboratory.backend][Seam.BATCH][-1], times=3)
    for name, body in callers.bodies():
        callers.interrupt_each(name, body, outage)
    assert not callers.problems, "\n".join(callers.problems)
    assert not laboratory.unfinished_in_the_end("c")
