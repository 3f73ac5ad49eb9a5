"""The code on the pages for users runs and passes the type checkers as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dbos_typed import DBOSConfig

ROOT = Path(__file__).parents[2]
PAGES = ("guide.md", "configuration.md", "integrations.md", "operations.md", "deployment.md")
MYPY_CONFIG = """\
[mypy]
strict = True
plugins = dbos_typed_mypy
[mypy-confluent_kafka.*]
ignore_missing_imports = True
"""


def program(page: str) -> str:
    """The Python blocks of a page, one below the other."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return "\n\n".join(re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL))


def _prose(page: Path) -> str:
    """A page without its code, in which brackets are no links."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


@pytest.fixture(params=PAGES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """One page's program as a file of its own."""
    written = tmp_path / f"{Path(request.param).stem}_page.py"
    written.write_text(program(request.param), encoding="utf-8")
    return written


def test_page_runs_as_one_program(file: Path) -> None:
    ran = subprocess.run(
        [sys.executable, file.name], cwd=file.parent, check=False, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr


def test_page_passes_mypy_with_the_plugin(file: Path) -> None:
    (file.parent / "mypy.ini").write_text(MYPY_CONFIG, encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", file.name],
        cwd=file.parent,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_key_of_the_configuration_is_explained() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert [key for key in DBOSConfig.__annotations__ if f"`{key}`" not in page] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted((ROOT / "docs").glob("*.md")) if f"docs/{page.name}" not in reached] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", _prose(page))
        if not (page.parent / target).exists()
    ]
    assert broken == []
