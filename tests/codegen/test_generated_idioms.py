"""Random programs: what a contract, the rules, the version and `dbos-gen diff` say is what the runs record."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.codegen.idioms.generated import generated
from tests.codegen.idioms.judging import Judged
from tests.codegen.idioms.running import Runner, running

_COUNT = 150
_NOT_RIGHT = {9, 129}
"""Programs whose contract is not yet what they do: a loop over functions in a loop, a child behind a closure."""
# Another number makes other programs: with N, those of the seeds from N on.
_FIRST = int(os.environ.get("DBOS_TEST_SEED", "0"))


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Return what runs all programs."""
    with running(tmp_path_factory.mktemp("generated")) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(_FIRST, _FIRST + _COUNT))
def test_what_is_said_of_a_random_program_is_what_it_does(seed: int, runner: Runner) -> None:
    judged = Judged(generated(seed), runner)
    edit = random.Random(seed).choice(list(judged.program.edits()))  # noqa: S311  # no secret
    problems = [
        *judged.impossible_histories(),
        *judged.calls_that_never_happen(),
        *judged.unknown_calls(),
        # Rules may be silent, and are where more than one call of a function must be known.
        *(problem for problem in judged.wrong_rules() if "do not see" not in problem),
        *judged.unfit(edit),
        *judged.unnoticed_by_version(edit),
        *judged.unnoticed_by_diff(edit),
        *judged.after(edit).impossible_histories(),
    ]
    assert bool(problems) is (seed in _NOT_RIGHT), "\n".join([*problems, *judged.program.modules.values()])
