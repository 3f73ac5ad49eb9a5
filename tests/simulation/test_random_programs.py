"""Random programs come to the same while the database fails at random and the runtime dies.

SEED chooses the programs and the faults; a failure prints it. `python -m tests.simulation` goes on for longer.
"""

from collections.abc import Iterator

import pytest

from tests.behaviour.forms import Form
from tests.simulation.laboratory import Laboratory
from tests.simulation.seeds import chosen_seed
from tests.simulation.simulator import Simulator

pytestmark = pytest.mark.slow

ROUNDS = 3


@pytest.fixture
def simulator(database_url: str, form: Form, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    laboratory = Laboratory(database_url, form, monkeypatch)
    simulator = Simulator(laboratory)
    with laboratory.launched():
        yield simulator


@pytest.mark.parametrize("form", ["sync", "async"])
def test_program_under_faults_comes_to_the_same(simulator: Simulator) -> None:
    first = chosen_seed() * ROUNDS
    for seed in range(first, first + ROUNDS):
        played = simulator.play(seed)
        print(played)  # noqa: T201  # seen with `pytest -s`
        assert not played.problems, f"SEED={chosen_seed()}\n{played}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_program_does_twice_is_noticed(simulator: Simulator) -> None:
    laboratory = simulator.laboratory
    for me, programs in (("x", [["pay", 3]]), ("y", [["pay", 3], ["pay", 3]])):
        laboratory.begin(simulator.run, me, programs).result()
    found = laboratory.observer.observe("x").differences(laboratory.observer.observe("y"))
    assert "payments: not expected ('W', 3)" in found
    assert any("steps: not expected" in each for each in found)
