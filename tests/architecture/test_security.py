"""SECURITY.md says nothing that no test shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATEMENTS = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
_REFERENCE = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_there_are_statements() -> None:
    assert len(STATEMENTS) > 20


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_names_a_test_that_exists(statement: str) -> None:
    references = _REFERENCE.findall(statement)
    assert references
    for path, name in references:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert f"def {name or ('check' if '/cases/' in path else 'test_')}" in text, (path, name)
