"""Edits of whole applications: what is said of each is compared with what becomes of runs under way.

The old code is killed everywhere, and the new code recovers it. That is done with `DBOS_TEST_EDITS` edits of each
application, other ones every day, or with `all`; what the tools say is looked at for every edit.
"""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dbos_gen.contract.comparison.changes import Verdict
from tests.codegen.edits.edit import Edit, Outcome
from tests.codegen.edits.laboratory import Laboratory, Trial, name_of
from tests.codegen.edits.tables import APPLICATIONS, NEEDLESS, TRIALS, WRONGLY_KEPT, WRONGLY_SAFE

_MINIMUM = 110
_SHARE = os.environ.get("DBOS_TEST_EDITS", "5")

pytestmark = pytest.mark.slow


def _sample() -> list[Trial]:
    if _SHARE == "all":
        return TRIALS
    source = random.Random(datetime.now(UTC).date().toordinal())  # noqa: S311  # no secret
    chosen: list[Trial] = []
    for application in APPLICATIONS:
        edits = source.sample(application.edits, min(int(_SHARE), len(application.edits)))
        chosen += [(application, edit) for edit in application.edits if edit in edits]
    return chosen


_SAMPLE = _sample()


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    # Processes that share the tests would do the same things ahead.
    found = Laboratory(tmp_path_factory.mktemp("edits"), ahead=0 if "PYTEST_XDIST_WORKER" in os.environ else 2)
    yield found
    found.close()


def test_the_table_has_its_size_and_every_edit_its_own_name() -> None:
    assert len(TRIALS) >= _MINIMUM
    assert len({name_of(trial) for trial in TRIALS}) == len(TRIALS)
    assert {name_of(trial) for trial in TRIALS} >= NEEDLESS | WRONGLY_SAFE | WRONGLY_KEPT


@pytest.mark.parametrize("trial", TRIALS, ids=name_of)
def test_an_edit_is_python_and_changes_its_application(trial: Trial) -> None:
    application, edit = trial
    edited = application.edited(edit)
    assert edited != application.sources()
    for path, text in edited.items():
        compile(text, path, "exec", dont_inherit=True)


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda application: application.name)
def test_an_application_does_what_it_is_for(laboratory: Laboratory, application: object) -> None:
    (found,) = [each for each in APPLICATIONS if each is application]
    recorded = laboratory.recorded(found)
    assert recorded.whole.keys() == {scenario.name for scenario in found.scenarios}
    for tree in recorded.whole.values():
        assert tree.root.status == "SUCCESS", tree
        assert not tree.unfinished
        assert tree.root.history


@pytest.mark.parametrize("trial", _SAMPLE, ids=name_of)
def test_runs_under_way_become_what_is_expected(laboratory: Laboratory, trial: Trial) -> None:
    found = laboratory.places(trial, _SAMPLE)
    worst = max(place.outcome for place in found)
    assert worst is trial[1].expects, "\n".join(str(place) for place in found if place.outcome is worst)


@pytest.mark.parametrize("trial", TRIALS, ids=name_of)
def test_what_is_called_safe_is(laboratory: Laboratory, trial: Trial) -> None:
    compared = laboratory.compared(trial, TRIALS)
    is_wrong = compared.verdict is Verdict.SAFE and not trial[1].expects <= _tolerated(trial[1])
    assert is_wrong is (name_of(trial) in WRONGLY_SAFE), compared


@pytest.mark.parametrize("trial", TRIALS, ids=name_of)
def test_the_version_changes_where_a_run_does_not_fit_and_not_without_need(
    laboratory: Laboratory, trial: Trial
) -> None:
    compared = laboratory.compared(trial, TRIALS)
    edit = trial[1]
    fits = edit.expects <= (Outcome.SAME if edit.result_counts else Outcome.RESULT)
    assert (compared.is_same_version and not fits) is (name_of(trial) in WRONGLY_KEPT), compared
    if not compared.is_same_version and edit.expects is Outcome.SAME and not edit.may_differ:
        assert name_of(trial) in NEEDLESS, compared


def _tolerated(edit: Edit) -> Outcome:
    if edit.is_intended:
        return Outcome.NEW_WAY
    return Outcome.SAME if edit.result_counts else Outcome.RESULT
