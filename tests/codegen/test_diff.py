"""`dbos-gen diff`: where it finds the base, what it prints and how it exits."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen.cli import app
from dbos_gen.contract.lock import LockError, from_text, to_text
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.conftest import Cases
from tests.codegen.projects import write_project

_OLD = """\
from dbos_typed import DBOS

@DBOS.step()
def reserve() -> int: ...

@DBOS.step()
def charge() -> int: ...

@DBOS.workflow()
def checkout(order_id: str) -> None:
    reserve()
    charge()
"""
_INSERTED = _OLD.replace("    charge()\n", "    DBOS.sleep(5)\n    charge()\n")
_APPENDED = f"{_OLD}    reserve()\n"
_MAYBE = _OLD.replace("    charge()\n", "    if order_id:\n        charge()\n    reserve()\n")


def _git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    command = ["git", *identity, *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a project in a subfolder, generated and committed; it is the working directory."""
    folder = tmp_path / "services" / "shop"
    write_project(folder, {"shop/workflows.py": _OLD})
    monkeypatch.chdir(folder)
    assert _run()[0] == 0
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "first")
    return folder


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_no_change_is_nothing_to_say(project: Path) -> None:
    del project
    assert _run("diff") == (0, "", "0 changes since workflows.lock.json of HEAD\n")


def test_a_change_that_breaks_runs_names_the_place_and_the_remedy(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_INSERTED)
    code, output, errors = _run("diff")
    assert code == 1
    assert output.startswith(
        "checkout: calls: breaks running workflows\n"
        "    at step 2 DBOS.sleep is inserted before step charge, which runs under way recorded\n"
        '    remedy: guard the new code with `if DBOS.patch("...")`'
    )
    assert errors == "1 change since workflows.lock.json of HEAD: breaks running workflows\n"


def test_the_lock_file_on_disk_may_be_up_to_date_already(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_INSERTED)
    assert _run()[0] == 0
    assert _run("diff")[0] == 1
    assert _run("diff", "--base", "workflows.lock.json")[0] == 0


@pytest.mark.parametrize(
    ("source", "codes"),
    [(_APPENDED, (0, 0, 0)), (_MAYBE, (1, 0, 0)), (_INSERTED, (1, 1, 0))],
)
def test_what_fails_can_be_chosen(project: Path, source: str, codes: tuple[int, ...]) -> None:
    (project / "shop/workflows.py").write_text(source)
    assert tuple(_run("diff", "--fail-on", level)[0] for level in ("new-runs", "breaks", "never")) == codes


def test_a_revision_and_a_file_may_be_the_base(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_INSERTED)
    assert _run()[0] == 0
    _git(project, "commit", "--quiet", "--all", "--message", "second")
    assert _run("diff")[0] == 0
    assert _run("diff", "--base", "HEAD~1")[0] == 1
    _git(project, "checkout", "--quiet", "HEAD~1", "--", "workflows.lock.json")
    (project / "workflows.lock.json").rename(project / "old.json")
    assert _run("diff", "--base", "old.json")[0] == 1


def test_a_base_that_is_neither_is_wrong_usage(project: Path) -> None:
    assert _run("diff", "--base", "no-such-revision")[0] == 2
    assert _run("diff", "--base=--output=x")[0] == 2
    (project / "broken.json").write_text('{"lock": 1}')
    code, _, errors = _run("diff", "--base", "broken.json")
    assert code == 2
    assert errors.startswith("broken.json is not a lock file of dbos-gen (KeyError: 'workflows')")
    (project / "newer.json").write_text('{"lock": 99, "workflows": {}, "types": {}}')
    assert "newer.json has format 99 and this dbos-gen reads 1" in _run("diff", "--base", "newer.json")[2]


def test_without_git_the_lock_file_on_disk_is_the_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, {"shop/workflows.py": _OLD})
    monkeypatch.chdir(tmp_path)
    code, _, errors = _run("diff")
    assert code == 2
    assert "there is no workflows.lock.json in HEAD or beside pyproject.toml; run dbos-gen" in errors
    assert _run()[0] == 0
    (tmp_path / "shop/workflows.py").write_text(_INSERTED)
    assert _run("diff")[0] == 1


def test_json_and_github_say_the_same(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_INSERTED)
    report = json.loads(_run("diff", "--format", "json")[1])
    assert report["verdict"] == "breaks running workflows"
    assert [(found["workflow"], found["where"]) for found in report["changes"]] == [("checkout", "calls")]
    assert _run("diff", "--format", "github")[1].startswith("::error title=dbos-gen diff::checkout: calls: breaks")


def test_another_file_of_that_name_is_not_overwritten(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"workflows.lock.json": "{}\n"}))
    result = pipeline.generate(config)
    assert [(found.code, found.file) for found in result.diagnostics] == [("DG005", "workflows.lock.json")]
    assert (tmp_path / "workflows.lock.json").read_text() == "{}\n"


def test_lock_files_are_read_back_as_they_were_written(cases: Cases) -> None:
    text = (cases.root / "workflows.lock.json").read_text(encoding="utf-8")
    contracts = from_text(text, "here")
    assert contracts.workflows
    assert to_text(contracts) == text
    with pytest.raises(LockError, match="here is not a lock file"):
        from_text(text.replace('"calls"', '"cells"'), "here")


_ERRORS = """\
class OutOfStock(Exception): ...

class Late(Exception): ...
"""
_CATCHING = """\
from dataclasses import dataclass

from dbos_typed import DBOS
from shop.errors import Late, OutOfStock

@dataclass
class Item:
    sku: str

@DBOS.step()
def reserve() -> Item:
    raise Late

@DBOS.workflow()
def checkout(order_id: str) -> None:
    try:
        reserve()
    except (OutOfStock, ValueError):
        DBOS.sleep(1)
"""


def test_classes_that_records_name_are_told_when_their_names_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    write_project(folder, {"shop/errors.py": _ERRORS, "shop/workflows.py": _CATCHING})
    config = load(folder / "pyproject.toml")
    old = pipeline.lock_text(config, pipeline.generate(config))
    contract = from_text(old, "old").workflows["checkout"]
    assert contract.classes == ("shop.errors:Late", "shop.errors:OutOfStock", "shop.workflows:Item")
    base = tmp_path / "old.json"
    base.write_text(old, encoding="utf-8")

    def diff(files: dict[str, str]) -> tuple[int, str]:
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        code, output, _ = _run("diff", "--base", str(base), "--config", str(folder / "pyproject.toml"))
        return code, output

    moved = _CATCHING.replace("shop.errors", "shop.problems")
    reexported = "from shop.problems import Late as Late\nfrom shop.problems import OutOfStock as OutOfStock\n"
    assert diff({"shop/problems.py": _ERRORS, "shop/errors.py": reexported, "shop/workflows.py": moved})[0] == 0
    code, output = diff({"shop/errors.py": "from shop.problems import Late\n"})
    assert code == 1
    assert "class `shop.errors.OutOfStock`: safe for new runs only" in output
    assert "it is `shop.problems.OutOfStock` now" in output
    assert "from shop.problems import OutOfStock` in shop.errors" in output
    assert "`shop.errors.Late`" not in output
    # What nobody raises or catches any more is still found.
    quiet = _CATCHING.replace("OutOfStock, ValueError", "ValueError").replace("raise Late", "return Item('a')")
    assert diff({"shop/errors.py": _ERRORS, "shop/workflows.py": quiet})[0] == 0
