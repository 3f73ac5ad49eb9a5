"""The command line: what it prints and how it exits."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen.cli import app
from tests.codegen.projects import WORKFLOWS, write_project

_UNKNOWN = WORKFLOWS.replace("return 1", 'DBOS.set_event("x", order_id.y())\n    return 1')


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a project that is the working directory."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("arguments", [(), ("generate",)])
def test_generating_says_what_changed(project: Path, arguments: tuple[str, ...]) -> None:
    code, output, errors = _run(*arguments)
    assert (code, errors) == (0, "")
    assert "created shop/generated/workflows.pyi\n" in output
    assert output.endswith("1 workflow in 1 module; 5 files changed, 0 unchanged\n")
    assert (project / "shop/generated/workflows.pyi").is_file()


def test_check_shows_the_difference_and_fails_until_generated(project: Path) -> None:
    code, output, errors = _run("--check")
    assert code == 1
    assert "+++ b/shop/generated/workflows.pyi\n" in output
    assert "+    def start(self, order_id: str) -> CheckoutHandle: ...\n" in output
    assert errors == "5 generated files are out of date; run dbos-gen\n"
    assert not (project / "shop/generated").exists()
    assert _run()[0] == 0
    assert _run("--check") == (0, "", "")


def test_an_error_fails_and_says_that_nothing_was_written(project: Path) -> None:
    (project / "shop/workflows.py").write_text("def broken(:\n")
    code, output, errors = _run()
    assert (code, output) == (1, "")
    assert errors.startswith("shop/workflows.py:1: DG001 error: the module does not parse: ")
    assert errors.endswith("1 error; nothing was written\n")


def test_a_warning_does_not_fail(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_UNKNOWN)
    code, _, errors = _run()
    assert code == 0
    assert "shop/workflows.py:6: DG011 warning: " in errors


def test_wrong_usage_and_wrong_configuration_exit_with_2(project: Path) -> None:
    assert _run("--unknown")[0] == 2
    assert _run("--format", "yaml")[0] == 2
    assert _run("--config", "missing.toml")[0] == 2
    (project / "pyproject.toml").write_text("[tool.dbos-gen]\nmodules = 3\n")
    code, output, errors = _run()
    assert (code, output) == (2, "")
    assert errors.startswith("pyproject.toml: [tool.dbos-gen] cannot be used:\n  - `modules` is a number")


def test_json_is_one_document(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_UNKNOWN)
    code, output, errors = _run("--check", "--format", "json")
    report = json.loads(output)
    assert (code, errors, report["ok"]) == (1, "", False)
    assert {"path": "shop/generated/workflows.py", "action": "create"} in report["files"]
    assert [(found["code"], found["line"], found["level"]) for found in report["diagnostics"]] == [
        ("DG011", 6, "warning")
    ]


def test_github_annotations_escape_what_would_end_them(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_UNKNOWN.replace('"x"', '"100%"'))
    code, output, _ = _run("--check", "--format", "github")
    assert code == 1
    assert '::warning file=shop/workflows.py,line=6,title=DG011::the type of event "100%25" ' in output
    assert "::error file=shop/generated/workflows.pyi,line=1,title=dbos-gen::out of date; run dbos-gen\n" in output


def test_list_shows_signatures_events_and_topics(project: Path) -> None:
    (project / "shop/workflows.py").write_text(
        WORKFLOWS.replace("return 1", 'DBOS.set_event("x", 1)\n    m: str | None = DBOS.recv("t")\n    return 1')
    )
    assert _run("list")[:2] == (
        0,
        "shop.workflows:checkout(order_id: str) -> int\n    event x: int\n    topic t: str\n",
    )
    document = json.loads(_run("list", "--format", "json")[1])
    assert document["workflows"][0]["name"] == "checkout"
    assert document["workflows"][0]["events"] == {"x": "int"}


def test_explain_of_an_unknown_code_lists_the_known_ones(project: Path) -> None:
    del project
    code, _, errors = _run("explain", "DG999")
    assert code == 2
    assert errors.startswith("unknown code DG999; known: DG001, ")


def test_version(project: Path) -> None:
    del project
    assert _run("--version")[:2] == (0, "dbos-gen 0.1.0\n")
