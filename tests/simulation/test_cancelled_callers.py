"""A caller is cancelled at each point where it waits, while the database works and while it fails.

What it has begun ends nevertheless, with its own outcome, and comes to the same when it is called for again. SEED
chooses the part that is tried; `python -m tests.simulation` tries everything.
"""

from collections.abc import Iterator

import pytest

from tests.simulation.cancellations import explore_cancellations, interruption_of
from tests.simulation.interruption import Interruption
from tests.simulation.laboratory import Laboratory
from tests.simulation.seeds import chosen_seed

pytestmark = pytest.mark.slow

CALLING = ("calls",)
SUBJECT_SHARE = 0.1
SHARE = 0.15


@pytest.fixture
def interruption(monkeypatch: pytest.MonkeyPatch) -> Interruption:
    return interruption_of(monkeypatch)


@pytest.fixture
def callers(database_url: str, interruption: Interruption, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """A laboratory with the operations that call steps and workflows, by which others are called."""
    del interruption  # before the launch
    with Laboratory(database_url, "async", monkeypatch, modules=CALLING).launched() as laboratory:
        yield laboratory


@pytest.fixture
def laboratory(interruption: Interruption, laboratory: Laboratory) -> Laboratory:
    """The laboratory, launched with drivers that interrupt."""
    del interruption
    return laboratory


def test_what_a_cancelled_caller_has_called_ends_by_itself(callers: Laboratory, interruption: Interruption) -> None:
    seed = chosen_seed()
    tally = explore_cancellations(callers, interruption, seed=seed, subject_share=0.5, share=0.2)
    print(f"SEED={seed}: {tally}")  # noqa: T201  # seen with `pytest -s`
    assert not tally.problems, "\n".join((f"SEED={seed}", *tally.problems))
    assert not callers.unfinished_in_the_end("t")


def test_operation_of_a_cancelled_caller_comes_to_the_same(laboratory: Laboratory, interruption: Interruption) -> None:
    seed = chosen_seed()
    tally = explore_cancellations(laboratory, interruption, seed=seed, subject_share=SUBJECT_SHARE, share=SHARE)
    print(f"SEED={seed}: {tally}")  # noqa: T201  # seen with `pytest -s`
    assert not tally.problems, "\n".join((f"SEED={seed}", *tally.problems))
