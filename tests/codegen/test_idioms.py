"""The calls of a contract are those that the program makes, however it reaches them; no change of them is missed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.codegen.idioms.judging import Judged
from tests.codegen.idioms.programs import Edit, cases
from tests.codegen.idioms.running import running

PROGRAMS = {program.name: program for program in cases()}
NOT_FOLLOWED_BY_RULES = {
    "augmented_operator", "closure_over_function", "context_run", "decorator_inside_workflow", "descriptor",
    "formatted_object", "hook_of_instance", "hook_replaced", "indexed_object", "inherited_workflow", "injected",
    "injected_function", "injected_protocol", "keyword_function", "list_of_sagas", "matched_classes", "mixin",
    "operator_methodcaller", "operators", "or_default", "property_read", "protocol_one_implementation",
    "queue_in_table", "registered_elsewhere", "single_dispatch", "star_functions", "super_in_diamond",
    "table_parameter", "template_method",
}  # fmt: skip
"""Where the contract knows calls that the rules do not see. A rule is silent there; what it does see is right."""
WRONGLY_SAFE = {"try_error_of_helper"}
"""An error that no recorded call raises leads to a handler, which the comparison of contracts does not follow."""
NEEDLESS = {"lambda_in_table", "list_of_sagas"}
"""A function that a table only holds, in a lambda or an object, counts with what it does when the table decides."""
_each = pytest.mark.parametrize("judged", PROGRAMS, indirect=True)
_each_edit = pytest.mark.parametrize(
    ("judged", "edit"),
    [
        pytest.param(name, edit, id=f"{name}-{number}")
        for name, program in PROGRAMS.items()
        for number, edit in enumerate(program.edits(), start=1)
    ],
    indirect=["judged"],
)


@pytest.fixture(scope="module")
def all_judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Judged]]:
    """Return every program in one runtime; each runs when it is first asked for."""
    folder: Path = tmp_path_factory.mktemp("idioms")
    with running(folder) as runner:
        yield {name: Judged(program, runner) for name, program in PROGRAMS.items()}


@pytest.fixture
def judged(all_judged: dict[str, Judged], request: pytest.FixtureRequest) -> Judged:
    """Return the program of the test."""
    return all_judged[request.param]


def _assert_none(problems: Iterable[str]) -> None:
    found = list(problems)
    assert not found, "\n".join(found)


def test_every_program_is_run_and_changed() -> None:
    assert [name for name, program in PROGRAMS.items() if not program.runs or not list(program.edits())] == []
    assert len(PROGRAMS) >= 70


@_each_edit
def test_every_change_changes_what_some_run_records(judged: Judged, edit: Edit) -> None:
    _assert_none(judged.unfit(edit))


@_each
def test_the_contract_allows_what_the_runs_recorded(judged: Judged) -> None:
    _assert_none(judged.impossible_histories())


@_each
def test_every_call_of_the_contract_is_made_by_some_run(judged: Judged) -> None:
    _assert_none(judged.calls_that_never_happen())


@_each
def test_the_contract_knows_every_call(judged: Judged) -> None:
    _assert_none(judged.unknown_calls())


@_each
def test_the_rules_see_the_calls_that_are_made(judged: Judged) -> None:
    found = list(judged.wrong_rules())
    unseen = [problem for problem in found if "do not see" in problem]
    assert bool(unseen) is (judged.program.name in NOT_FOLLOWED_BY_RULES), "\n".join(found)
    _assert_none(problem for problem in found if problem not in unseen)


@_each_edit
def test_another_call_is_another_version(judged: Judged, edit: Edit) -> None:
    _assert_none(judged.unnoticed_by_version(edit))


@_each_edit
def test_another_call_is_a_change_that_is_told(judged: Judged, edit: Edit) -> None:
    found = list(judged.unnoticed_by_diff(edit))
    assert bool(found) is (judged.program.name in WRONGLY_SAFE), "\n".join(found)


@_each_edit
def test_the_contract_allows_what_the_runs_record_after_a_change(judged: Judged, edit: Edit) -> None:
    _assert_none(judged.after(edit).impossible_histories())


@_each_edit
def test_a_call_that_is_not_recorded_changes_nothing(judged: Judged, edit: Edit) -> None:
    if judged.program.name not in NEEDLESS:
        _assert_none(judged.noise(edit))
