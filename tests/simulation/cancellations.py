"""Cancelling the caller of an operation at each point where it waits. What it has begun ends with its own outcome."""

import asyncio

import pytest

import dbos_typed.runtime.runtime as composition
from tests.simulation.blows import BLOWS, Blow, Seam
from tests.simulation.interruption import InterruptedDrivers, Interruption, Turn
from tests.simulation.laboratory import Laboratory
from tests.simulation.observation import Observation, scrubbed
from tests.simulation.saboteur import Plan, Strike, at_rest
from tests.simulation.trials import Outcome, Subject, Tally, chosen, new_id, undisturbed
from tests.simulation.waiting import PATIENCE_SECONDS

CANCELLED = "the caller was cancelled"
MORE = 2


def interruption_of(patch: pytest.MonkeyPatch) -> Interruption:
    """What interrupts the callers of runtimes that are launched from here on."""
    interruption = Interruption()
    patch.setattr(composition, "Drivers", lambda **given: InterruptedDrivers(interruption, **given))
    return interruption


class Canceller:
    """Cancels callers in a laboratory whose operations are coroutines."""

    def __init__(self, laboratory: Laboratory, interruption: Interruption) -> None:
        """`interruption` is that of the laboratory's runtime."""
        self._laboratory = laboratory
        self._interruption = interruption
        interruption.is_open = lambda: laboratory.saboteur.is_open

    def effects(self, subject: Subject) -> tuple[str, ...]:
        """The kinds of effects for which an undisturbed caller waits."""
        self._make(subject, new_id(), 0, Turn.BEFORE, at_rest)
        return tuple(self._interruption.kinds)

    def problems(
        self, subject: Subject, expected: Outcome, number: int, turn: Turn, plan: Plan
    ) -> tuple[bool, list[str]]:
        """Cancel the caller at an effect; whether it was told so, and what went otherwise than it may.

        The operation comes to the same when it is repeated. In a workflow it is repeated without anybody's help.
        """
        laboratory, me = self._laboratory, new_id()
        result = self._make(subject, me, number, turn, plan)
        has_fallen = self._interruption.has_fallen
        if subject.place == "outside" and result == CANCELLED:
            if not subject.operation.is_repeatable:
                return has_fallen, self._unexpected(me, expected)
            result = self._make(subject, me, 0, turn, at_rest)
        found = [f"{each} stays {status}" for each, status in laboratory.unfinished_in_the_end(me)]
        if result != expected.result:
            found.append(f"result {result} instead of {expected.result}")
        return has_fallen, [*found, *expected.stored.differences(laboratory.observer.observe(me))]

    def _unexpected(self, me: str, expected: Outcome) -> list[str]:
        """What a caller that went away has left behind and would not have."""
        laboratory = self._laboratory
        found = [
            f"{each} stays {status}"
            for each, status in laboratory.unfinished_in_the_end(me)
            # The message for which it waits would be sent by the caller.
            if not laboratory.observer.is_waiting(each)
        ]
        stored: Observation = laboratory.observer.observe(me)
        return found + [
            f"{row} is not expected"
            for row in stored.tables["workflows"]
            if row not in expected.stored.tables["workflows"] and row[2] == "ERROR"
        ]

    def _make(self, subject: Subject, me: str, stop_at: int, turn: Turn, plan: Plan) -> str:
        self._laboratory.saboteur.arm(plan)

        async def call() -> str:
            self._interruption.watch(stop_at, turn, me if subject.place == "inside" else None)
            try:
                return repr(await subject.body(me))
            except asyncio.CancelledError:
                return CANCELLED
            except Exception as error:  # noqa: BLE001  # it is the answer
                return f"{type(error).__name__}: {error}"

        return str(scrubbed(self._laboratory.begin(call).result(2 * PATIENCE_SECONDS), me))


def explore_cancellations(
    laboratory: Laboratory,
    interruption: Interruption,
    *,
    seed: int = 0,
    subject_share: float = 1,
    share: float = 1,
) -> Tally:
    """Cancel the callers of this share of the operations at this share of their effects; `seed` chooses which.

    Every other time the database fails as well, at one of its first uses and at those that follow.
    """
    tally = Tally()
    canceller = Canceller(laboratory, interruption)
    blows = BLOWS[laboratory.backend]
    for subject, choice in chosen(laboratory, seed, subject_share):
        if subject.operation.writes_in_step:
            continue
        expected = undisturbed(laboratory, subject)
        kinds = canceller.effects(subject)
        for number in range(1, len(kinds) + 1):
            for turn in Turn:
                if choice.random() >= share:
                    continue
                plan: Plan = at_rest
                seams = [seam for seam in (Seam.BATCH, Seam.READ, Seam.CONNECT, Seam.COMMIT) if expected.uses.get(seam)]
                if seams and choice.random() < 0.5:
                    seam = choice.choice(seams)
                    blow: Blow = choice.choice(blows[seam])
                    use = choice.randint(1, expected.uses[seam])
                    plan = Strike(seam=seam, number=use, blow=blow, more=MORE, blows=blows)
                is_told, problems = canceller.problems(subject, expected, number, turn, plan)
                what = (
                    f"{subject} | cancelled {turn.value} effect {number} of {kinds}, {getattr(plan, '__name__', plan)}"
                )
                tally.note(what, subject, is_told, problems)
    return tally
