"""What annotations and generated code say without the plugin, in every type checker that is installed.

The table that it prints (`pytest -s`) is the one in docs/checkers.md. Checkers that this project does not depend on are
looked for on PATH and in the folders that DBOS_CHECKERS names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.corpus.checkers import BASEDPYRIGHT, MYPY, PYREFLY, TY, ZUBAN, Checker
from tests.corpus.known import deviations, known_deviations
from tests.corpus.measure import Score, measure, table
from tests.corpus.planted import Project, case_files

FILES = case_files()
FOLDERS = tuple(Path(folder) for folder in os.environ.get("DBOS_CHECKERS", "").split(os.pathsep) if folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a checker must find of what annotations can say, and on how many lines it may be wrong."""

    caught: float
    false: int


# The wrong lines are limits of the checkers that docs/checkers.md describes.
BARS = {
    MYPY: Bar(caught=0.99, false=10),
    BASEDPYRIGHT: Bar(caught=0.99, false=4),
    TY: Bar(caught=0.95, false=8),
    PYREFLY: Bar(caught=0.95, false=9),
    ZUBAN: Bar(caught=0.95, false=17),
}


@pytest.fixture(scope="module")
def scores() -> Iterator[dict[str, Score]]:
    """What was measured, printed at the end."""
    found: dict[str, Score] = {}
    yield found
    if found:
        print("", table(found), sep="\n")  # noqa: T201  # for docs/checkers.md


@pytest.mark.slow
@pytest.mark.parametrize("checker", BARS, ids=lambda checker: checker.name)
def test_annotations_hold(projects: tuple[Project, ...], checker: Checker, scores: dict[str, Score]) -> None:
    if checker.find(FOLDERS) is None:
        pytest.skip(
            f"{checker.name} is not installed; `pip install {checker.name}` or name its folder in DBOS_CHECKERS"
        )
    score = measure(checker, projects, FOLDERS).of_annotations()
    scores[checker.name] = score
    bar = BARS[checker]
    assert score.caught >= bar.caught * len(score.planted), score.missed
    assert len({(each.path, each.line) for each in score.false}) <= bar.false, score.false


def test_deviations_of_mypy_are_explained(projects: tuple[Project, ...]) -> None:
    found = deviations(measure(MYPY, projects).of_annotations(), FILES)
    known = known_deviations(MYPY.name)
    assert found == known, "\n".join(
        ["", *(f"new: {each}" for each in sorted(found - known)), *(f"gone: {each}" for each in sorted(known - found))]
    )
