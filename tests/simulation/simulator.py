"""Runs random programs undisturbed, and again while their database fails and their runtime dies, and compares."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from dbos_typed import DBOS
from tests.simulation.blows import BLOWS
from tests.simulation.laboratory import Laboratory, written_in
from tests.simulation.observation import scrubbed
from tests.simulation.programs import Program, random_program, told
from tests.simulation.saboteur import Plan, at_rest
from tests.simulation.weather import Weather

MOST_PROGRAMS = 4
CHANCE_OF_CRASHES = 0.35
MOST_CRASHES = 2
LONGEST_LIFE_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to."""

    seed: int
    programs: Sequence[Program]
    crashes: int
    blows: int
    problems: Sequence[str]

    def __str__(self) -> str:
        head = f"seed {self.seed}: {len(self.programs)} programs, {self.blows} blows, {self.crashes} crashes"
        return "\n".join((head, told(self.programs), *self.problems)) if self.problems else head


class Simulator:
    """Rounds of random programs in a laboratory, each determined by a seed as far as threads allow."""

    def __init__(self, laboratory: Laboratory) -> None:
        """To be made before the laboratory is launched, because workflows are registered."""
        self.laboratory = laboratory
        self.run = written_in(laboratory.form, "interpreter").define(laboratory.bench)

    def play(self, seed: int) -> Round:
        """Run the programs of a seed."""
        choice = random.Random(seed)  # noqa: S311  # repeatable, no secret
        deaths = self._deaths(choice)
        programs = [random_program(choice) for _ in range(choice.randint(1, MOST_PROGRAMS))]
        laboratory = self.laboratory
        # Ids of one length, so that none is the beginning of another.
        calm = [f"a{seed:08}p{number}" for number in range(len(programs))]
        stormy = [f"b{seed:08}p{number}" for number in range(len(programs))]
        laboratory.bench.runs.clear()
        expected = self._results(calm, programs, at_rest, [])
        weather = Weather(choice, BLOWS[laboratory.backend])
        found = self._results(stormy, programs, weather, deaths)
        problems: list[str] = []
        for before, after, wanted, result in zip(calm, stormy, expected, found, strict=True):
            problems += [f"{each} stays unfinished" for each in laboratory.unfinished_in_the_end(after)]
            if result != wanted:
                problems.append(f"{after}: {result} instead of {wanted}")
            found_otherwise = laboratory.observer.observe(before).differences(laboratory.observer.observe(after))
            problems += [each for each in found_otherwise if not (deaths and _is_written_again(each))]
            if not deaths:
                problems += self._differing_runs(before, after)
        return Round(
            seed=seed,
            programs=programs,
            crashes=len(deaths),
            blows=len(laboratory.saboteur.struck),
            problems=problems,
        )

    def _deaths(self, choice: random.Random) -> list[float]:
        """After how many seconds each runtime dies."""
        crashes = choice.randint(1, MOST_CRASHES) if choice.random() < CHANCE_OF_CRASHES else 0
        return [choice.uniform(0, LONGEST_LIFE_SECONDS) for _ in range(crashes)]

    def _results(
        self, ids: Sequence[str], programs: Sequence[Program], plan: Plan, deaths: Sequence[float]
    ) -> list[object]:
        laboratory = self.laboratory
        laboratory.saboteur.arm(plan)
        laboratory.saboteur.harms_services = True
        with laboratory.saboteur.window():
            callers = self._begin(ids, programs)
            for seconds in deaths:
                time.sleep(seconds)  # a runtime that lives for so long, whatever it does meanwhile
                laboratory.saboteur.is_open = False
                DBOS.destroy()
                for caller in callers:
                    caller.exception()
                laboratory.launch()
                laboratory.saboteur.is_open = True
                callers = self._begin(ids, programs)
            return [scrubbed(laboratory.answer_of(caller), me) for me, caller in zip(ids, callers, strict=True)]

    def _begin(self, ids: Sequence[str], programs: Sequence[Program]) -> list[Future[Any]]:
        return [self.laboratory.begin(self.run, me, program) for me, program in zip(ids, programs, strict=True)]

    def _differing_runs(self, before: str, after: str) -> list[str]:
        """Steps whose bodies were run more or less often than they are undisturbed."""
        runs = self.laboratory.bench.runs
        wanted = {
            (owner.replace(before, "W"), name): n for (owner, name), n in runs.items() if owner.startswith(before)
        }
        found = {(owner.replace(after, "W"), name): n for (owner, name), n in runs.items() if owner.startswith(after)}
        return [] if wanted == found else [f"steps ran {found} instead of {wanted}"]


def _is_written_again(difference: str) -> bool:
    """Whether it is a value that a step wrote, which was run again because the runtime died before its record."""
    return difference.startswith("streams: not expected") and "written in steps" in difference
