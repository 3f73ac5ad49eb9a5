"""Plans of random blows."""

import random
from collections.abc import Mapping, Sequence

from tests.simulation.blows import Blow, Moment, Seam

CHANCES = (0.02, 0.05, 0.15, 0.3)
"""How likely a blow falls at a use."""
CHANCE_OF_BURST = 0.15
LONGEST_BURST = 12


class Weather:
    """Lets uses of a database fail at random, some of them several in a row."""

    def __init__(self, choice: random.Random, blows: Mapping[Seam, Sequence[Blow]]) -> None:
        self._choice = choice
        self._blows = blows
        self._chance = choice.choice(CHANCES)
        self._left_of_burst = 0

    def __call__(self, seam: Seam, number: int) -> Blow | None:
        del number
        choice = self._choice
        if self._left_of_burst:
            self._left_of_burst -= 1
            return choice.choice([blow for blow in self._blows[seam] if blow.moment is Moment.BEFORE])
        if choice.random() >= self._chance:
            return None
        if choice.random() < CHANCE_OF_BURST:
            self._left_of_burst = choice.randint(2, LONGEST_BURST)
        return choice.choice(self._blows[seam])
