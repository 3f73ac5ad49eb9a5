"""The corpus of planted mistakes: at least 95% are found, nothing else is reported, every deviation is explained."""

from __future__ import annotations

from collections import Counter

from tests.corpus.checkers import PLUGIN, PYRIGHT, RULES, Checker
from tests.corpus.known import deviations, known_deviations
from tests.corpus.measure import Score, measure
from tests.corpus.planted import CASES, Project, case_files

FILES = case_files()
ENOUGH = 0.95
ENOUGH_OF_ANNOTATIONS = 0.97


def assert_explained(checker: Checker, score: Score) -> None:
    found, known = deviations(score, FILES), known_deviations(checker.name)
    assert found == known, "\n".join(
        ["", *(f"new: {each}" for each in sorted(found - known)), *(f"gone: {each}" for each in sorted(known - found))]
    )


def test_mypy_with_plugin_and_generated_code(projects: tuple[Project, ...]) -> None:
    score = measure(PLUGIN, projects)
    assert not score.false
    assert score.caught >= ENOUGH * len(score.planted)
    assert_explained(PLUGIN, score)


def test_rules_without_a_type_checker(projects: tuple[Project, ...]) -> None:
    score = measure(RULES, projects)
    assert not score.false
    assert score.caught >= ENOUGH * len(score.planted)
    assert_explained(RULES, score)


def test_annotations_alone_in_pyright(projects: tuple[Project, ...]) -> None:
    score = measure(PYRIGHT, projects).of_annotations()
    assert score.caught >= ENOUGH_OF_ANNOTATIONS * len(score.planted)
    assert_explained(PYRIGHT, score)


def test_every_package_of_a_case_has_its_own_name() -> None:
    folders = Counter(folder.name for folder in CASES.glob("*/*/") if folder.name != "__pycache__")
    groups = {group.name for group in CASES.iterdir()}
    assert not [name for name, count in folders.items() if count > 1 or name in groups]


def test_there_are_clean_programs_and_clean_lines() -> None:
    realistic = {file.name: 0 for file in FILES if file.group == "realistic"}
    for file in FILES:
        if file.group == "realistic":
            realistic[file.name] += len(file.mistakes)
    assert sum(count == 0 for count in realistic.values()) >= len(realistic) / 3
    lines = sum(len(file.text.splitlines()) for file in FILES)
    assert sum(len(file.mistakes) for file in FILES) < lines / 4


def test_every_mark_is_read() -> None:
    assert {mistake.code for file in FILES for mistake in file.mistakes} <= {
        "type",
        "inferred",
        "dbos-workflow",
        "dbos-async",
        "dbos-context",
        "dbos-serializable",
        "dbos-deterministic",
        "dbos-deterministic-log",
        "dbos-event",
        "dbos-topic",
        "dbos-enqueue",
    }
    marked = sum(text.count("# E") for file in FILES for text in [file.text])
    assert marked == sum(len(file.mistakes) for file in FILES)
