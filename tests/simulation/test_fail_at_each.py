"""Every operation is made while one use of the database after the other fails, and comes to the same.

The product of operations, uses and failures is too large for every run of the tests: each day another part of it is
tried, and the whole by `python -m tests.simulation`. SEED chooses the part.
"""

from collections.abc import Iterator

import pytest

from tests.behaviour.forms import Form
from tests.postgres_server import fresh_database
from tests.simulation.blows import BLOWS, Blow, Moment, Seam
from tests.simulation.laboratory import SEPARATE_MODULES, Laboratory
from tests.simulation.outages import PATIENCE_SECONDS, explore_outages
from tests.simulation.saboteur import Strike
from tests.simulation.seeds import chosen_seed
from tests.simulation.trials import Subject, Tally, attempt, differences, explore, subjects

pytestmark = pytest.mark.slow

SUBJECT_SHARE = 0.25
SHARE = 0.015
SEPARATE_SUBJECT_SHARE = 0.5
OUTAGE_SUBJECT_SHARE = 0.1
OUTAGE_SHARE = 0.25


@pytest.fixture
def application_url(database_url: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the application beside that of the workflows, of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"{database_url}.application"
    else:
        with fresh_database(request.getfixturevalue("postgres_url"), prefix="dbos_application") as url:
            yield url


@pytest.fixture
def separate(
    database_url: str, application_url: str, form: Form, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Laboratory]:
    """A laboratory whose application has a database of its own."""
    laboratory = Laboratory(database_url, form, monkeypatch, application_url=application_url, modules=SEPARATE_MODULES)
    with laboratory.launched():
        yield laboratory


@pytest.fixture
def impatient(database_url: str, form: Form, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """A laboratory whose callers do not wait for long."""
    with Laboratory(database_url, form, monkeypatch, patience_seconds=PATIENCE_SECONDS).launched() as laboratory:
        yield laboratory


@pytest.mark.parametrize("form", ["sync", "async"])
def test_operation_under_a_fault_comes_to_the_same(laboratory: Laboratory) -> None:
    seed = chosen_seed()
    tally = explore(laboratory, seed=seed, subject_share=SUBJECT_SHARE, share=SHARE)
    _check(seed, tally)
    assert tally.missed <= max(tally.tried.total() // 5, 3)


@pytest.mark.parametrize("form", ["sync", "async"])
def test_transaction_on_a_database_of_its_own_comes_to_the_same(separate: Laboratory) -> None:
    seed = chosen_seed()
    _check(seed, explore(separate, seed=seed, subject_share=SEPARATE_SUBJECT_SHARE, share=SHARE))


@pytest.mark.parametrize("number", [1, 2])
def test_commit_whose_answer_and_record_are_not_to_be_had_is_not_made_twice(separate: Laboratory, number: int) -> None:
    """The function would fail the second time, because it finds what it wrote the first time."""
    subject = _named(separate, "paying_child inside")
    blows = BLOWS[separate.backend]
    lost: Blow = next(blow for blow in blows[Seam.COMMIT] if blow.moment is Moment.AFTER)
    expected = attempt(separate, subject)
    found = attempt(separate, subject, Strike(seam=Seam.COMMIT, number=number, blow=lost, more=3, blows=blows))
    assert len(found.struck) == 4
    assert not differences(subject, expected, found)


@pytest.mark.parametrize("form", ["sync", "async"])
def test_caller_in_an_outage_is_answered_or_told_and_may_repeat_the_call(impatient: Laboratory) -> None:
    seed = chosen_seed()
    _check(seed, explore_outages(impatient, seed=seed, subject_share=OUTAGE_SUBJECT_SHARE, share=OUTAGE_SHARE))


def test_what_goes_otherwise_is_noticed(laboratory: Laboratory) -> None:
    step, transaction = (attempt(laboratory, _named(laboratory, f"{name} inside")) for name in ("step", "transaction"))
    found = differences(_named(laboratory, "step inside"), step, transaction)
    assert any("result" in problem for problem in found)
    assert any("payments: not expected" in problem for problem in found)
    assert any("steps ran" in problem for problem in found)


def _named(laboratory: Laboratory, name: str) -> Subject:
    return next(subject for subject in subjects(laboratory) if str(subject) == name)


def _check(seed: int, tally: Tally) -> None:
    print(f"SEED={seed}: {tally}")  # noqa: T201  # seen with `pytest -s`
    assert not tally.problems, "\n".join((f"SEED={seed}", *tally.problems))
    assert tally.tried
