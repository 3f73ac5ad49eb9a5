"""Each code has a page whose example produces it and whose remedy does not."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen.cli import app
from dbos_gen.explanations import page_of, title_of
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from dbos_gen.vocabulary.diagnostics import Code
from tests.codegen.projects import CONFIG

_DOCS = Path(__file__).parents[2] / "docs" / "diagnostics"
_BLOCK = re.compile(r"^`(?P<path>[^`]+)`\n\n```\w+\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)
_PRINTED = re.compile(r"^```console\n(?P<text>.*?)\n```$", re.MULTILINE | re.DOTALL)

every_code = pytest.mark.parametrize("code", list(Code), ids=lambda code: code.name)


def _said_about(folder: Path, section: str) -> list[str]:
    files = {"pyproject.toml": CONFIG, "shop/__init__.py": ""}
    files |= {found["path"]: found["text"] + "\n" for found in _BLOCK.finditer(section)}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    result = pipeline.generate(load(folder / "pyproject.toml"), use_cache=False)
    return [str(found) for found in result.diagnostics]


@every_code
def test_the_example_of_the_page_prints_what_it_says_and_the_remedy_does_not(code: Code, tmp_path: Path) -> None:
    example, _, remedy = page_of(code.name).partition("## Remedy\n")
    printed = _PRINTED.search(example)
    assert printed is not None
    (tmp_path / "example").mkdir()
    said = _said_about(tmp_path / "example", example)
    assert [line for line in said if f" {code.name} " in line] == printed["text"].splitlines()
    assert f" {code.name} {code.level.value}: " in printed["text"]
    (tmp_path / "remedy").mkdir()
    assert not any(f" {code.name} " in line for line in _said_about(tmp_path / "remedy", remedy))


@every_code
def test_explain_prints_the_page(code: Code) -> None:
    result = CliRunner().invoke(app, ["explain", code.name.lower()])
    assert (result.exit_code, result.stdout) == (0, page_of(code.name))
    assert result.stdout.startswith(f"# {code.name} ({code.level.value}): {title_of(code.name)}\n")


def test_the_documentation_holds_the_same_pages() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in _DOCS.glob("DG*.md")}
    assert pages == {code.name: page_of(code.name) for code in Code}
    index = (_DOCS / "README.md").read_text(encoding="utf-8")
    for code in Code:
        assert f"| [{code.name}]({code.name}.md) | {code.level.value} | {title_of(code.name)} |\n" in index
