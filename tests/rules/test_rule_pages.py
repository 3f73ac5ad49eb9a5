"""Each rule has a page; what a page says its example prints is what is printed, and its remedy works."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen.cli import app
from dbos_gen.explanations import page_of, title_of
from dbos_gen.report.finding_formats import as_text
from dbos_gen.sources.rule_options import RuleOptions
from dbos_gen.vocabulary.findings import OPTIONAL, Rule
from tests.rules.programs import findings

_DOCS = Path(__file__).parents[2] / "docs" / "rules"
_BLOCK = re.compile(r"^`(?P<path>[^`]+\.py)`\n\n```python\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)
_PRINTED = re.compile(r"^```console\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)

# The example of dbos-stale takes a change after the generator has run.
_WITH_EXAMPLE = [rule.value for rule in Rule if rule not in (Rule.STALE, Rule.SERIALIZABLE)]
with_example = pytest.mark.parametrize("code", _WITH_EXAMPLE)
every_rule = pytest.mark.parametrize("code", [rule.value for rule in Rule])


def _said(folder: Path, section: str, code: str) -> list[str]:
    files = {found["path"]: found["text"] + "\n" for found in _BLOCK.finditer(section)}
    assert files
    found = findings(folder, files, options=RuleOptions(enable=OPTIONAL))
    return as_text(finding for finding in found if finding.code == code).splitlines()


@with_example
def test_the_example_prints_what_the_page_says_and_the_remedy_nothing(code: str, tmp_path: Path) -> None:
    example, _, remedy = page_of(code).partition("## Example\n")[2].partition("## Remedy\n")
    printed = _PRINTED.search(example)
    assert printed is not None
    assert _said(tmp_path / "example", example, code) == printed["text"].splitlines()
    assert _said(tmp_path / "remedy", remedy, code) == []


@every_rule
def test_the_page_is_printed_documented_and_in_the_table(code: str) -> None:
    result = CliRunner().invoke(app, ["explain", code.upper()])
    assert (result.exit_code, result.stdout) == (0, page_of(code))
    assert page_of(code) == (_DOCS / f"{code}.md").read_text(encoding="utf-8")
    assert page_of(code).startswith(f"# {code}")
    assert title_of(code)
    assert f"[{code}]({code}.md)" in (_DOCS / "README.md").read_text(encoding="utf-8")
