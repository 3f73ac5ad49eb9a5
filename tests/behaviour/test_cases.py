"""Every behaviour, in both forms, on both kinds of database; and the table that lists them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.behaviour import table
from tests.behaviour.app import App
from tests.behaviour.harness import CASES, Case, case_files, case_name, find_cases

_MIN_SENTENCE_CHARACTERS = 20


def _parameter(case: Case) -> object:
    mark = getattr(pytest.mark, case.database)
    return pytest.param(case, id=f"{case.name}-{case.form}-{case.database}", marks=mark)


@pytest.fixture
def app(case: Case, request: pytest.FixtureRequest) -> Iterator[App]:
    fixture = f"{case.database}_database_url" if case.needs_fresh_database else f"shared_{case.database}_url"
    url: str = request.getfixturevalue(fixture)
    application = App(url, case.form)
    yield application
    application.clear()


@pytest.mark.parametrize("case", [_parameter(case) for case in find_cases()])
def test_case(case: Case, app: App) -> None:
    case.run(app)


def test_tables_list_every_promise_and_every_case_with_its_sentence() -> None:
    written = table.README.read_text(encoding="utf-8")
    assert written.endswith(table.tables()), "run: python -m tests.behaviour.table"


def test_every_promise_is_shown_by_something_that_exists() -> None:
    found = table.promises()
    assert [promise.sentence for promise in found if not promise.shown_by] == []
    assert [each for promise in found for each in promise.shown_by if not table.exists(each)] == []


def test_every_case_shows_a_promise() -> None:
    named = {each for promise in table.promises() for each in promise.shown_by}
    unnamed = [name for name in map(case_name, case_files()) if name not in named]
    assert unnamed == [], "name them in promises.toml, beside the sentence that they show"


@pytest.mark.parametrize("path", case_files(), ids=case_name)
def test_case_says_what_it_shows(path: Path) -> None:
    sentence = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert len(sentence) > _MIN_SENTENCE_CHARACTERS
    assert sentence.rstrip().endswith(".")


def test_cases_lie_two_levels_deep() -> None:
    assert sorted(CASES.rglob("*.py")) == case_files()
