"""Every operation is made while one use of the database after the other fails, and comes to the same.

The product of operations, uses and failures is too large for every run of the tests: each day another part of it is
tried, and the whole by `python -m tests.simulation`. SEED chooses the part.
"""

import pytest

from tests.simulation.laboratory import Laboratory
from tests.simulation.seeds import chosen_seed
from tests.simulation.trials import attempt, differences, explore, subjects

pytestmark = pytest.mark.slow

SHARE = 40
"""One strike of so many is tried."""


@pytest.mark.parametrize("form", ["sync", "async"])
def test_operation_under_a_fault_comes_to_the_same(laboratory: Laboratory) -> None:
    seed = chosen_seed()
    tally = explore(laboratory, share=SHARE, seed=seed)
    print(f"SEED={seed}: {tally}")  # noqa: T201  # seen with `pytest -s`
    assert not tally.problems, "\n".join((f"SEED={seed}", *tally.problems))
    assert tally.missed <= tally.tried.total() // 10


def test_what_goes_otherwise_is_noticed(laboratory: Laboratory) -> None:
    by_name = {str(subject): subject for subject in subjects(laboratory)}
    step, transaction = (attempt(laboratory, by_name[f"{name} inside"]) for name in ("step", "transaction"))
    found = differences(by_name["step inside"], step, transaction)
    assert any("result" in problem for problem in found)
    assert any("payments: not expected" in problem for problem in found)
    assert any("steps ran" in problem for problem in found)
