"""The other commands: init, graph, watch, and SARIF."""

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen import cli
from dbos_gen.cli import app
from dbos_gen.sources.config import load
from dbos_gen.sources.watch import snapshot
from tests.codegen.projects import WORKFLOWS, write_project

_TALKATIVE = """\
from dbos_typed import DBOS

@DBOS.step(name='say "hi"')
def greet() -> None: ...

@DBOS.transaction()
def save() -> None: ...

@DBOS.workflow()
def child() -> None:
    greet()

@DBOS.workflow()
def parent() -> None:
    if save():
        child()
    DBOS.start_workflow(child)
    DBOS.set_event("progress", 1)
    answer: str | None = DBOS.recv("answers")
    DBOS.write_stream("log", 1.5)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a project that is the working directory."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("before", [b"", b"# mine\n[project]\nname = 'x'", b"[tool.x]\r\na = 1  # why\r\n"])
def test_init_adds_the_table_and_keeps_the_rest(project: Path, before: bytes) -> None:
    file = project / "pyproject.toml"
    file.write_bytes(before)
    assert _run("init") == (
        0,
        "added [tool.dbos-gen] to pyproject.toml: modules shop.workflows, output shop.generated\n",
        "",
    )
    after = file.read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in before) == (after.count(b"\n") == after.count(b"\r\n"))
    table = tomllib.loads(after.decode())["tool"]["dbos-gen"]
    assert table == {"modules": ["shop.workflows"], "output": "shop.generated"}
    assert _run()[0] == 0


def test_init_writes_a_file_where_there_is_none_and_takes_what_it_is_told(project: Path) -> None:
    (project / "pyproject.toml").unlink()
    (project / "src").mkdir()
    code, _, _ = _run("init", "--modules", "a.b", "--modules", "c.*", "--output", "a.made", "--root", "src")
    assert code == 0
    config = load(project / "pyproject.toml")
    assert (config.modules, config.output, config.root) == (("a.b", "c.*"), "a.made", project / "src")


def test_init_does_not_touch_a_table_that_is_there(project: Path) -> None:
    before = (project / "pyproject.toml").read_bytes()
    code, _, errors = _run("init")
    assert code == 2
    assert "the table is there already; edit it" in errors
    assert (project / "pyproject.toml").read_bytes() == before


def test_the_graph_shows_what_each_workflow_uses(project: Path) -> None:
    (project / "shop/workflows.py").write_text(_TALKATIVE)
    code, output, _ = _run("graph")
    assert code == 0
    assert output == (
        "flowchart LR\n"
        '    n0{{"progress"}}\n'
        '    n1["say #quot;hi#quot;"]\n'
        '    n2[/"log"/]\n'
        '    n3>"answers"]\n'
        '    n4[("save")]\n'
        '    n5(["child"])\n'
        '    n6(["parent"])\n'
        "    n5 -->|calls| n1\n"
        "    n6 -->|sets| n0\n"
        "    n6 -->|writes| n2\n"
        "    n6 -->|receives| n3\n"
        "    n6 -->|calls| n4\n"
        "    n6 -->|calls| n5\n"
        "    n6 -->|starts| n5\n"
    )
    code, output, _ = _run("graph", "--as", "dot")
    assert code == 0
    assert '    n1 [label="say \\"hi\\"", shape=box];\n' in output
    assert '    n6 -> n5 [label="starts"];\n' in output
    assert output.count("{") == output.count("}") == 1


def test_the_graph_of_a_module_that_does_not_parse_is_an_error(project: Path) -> None:
    (project / "shop/workflows.py").write_text("def broken(:\n")
    code, output, errors = _run("graph")
    assert (code, output) == (1, "")
    assert "DG001" in errors


def test_sarif_is_one_document_with_places_and_rules(project: Path) -> None:
    (project / "shop/workflows.py").write_text(WORKFLOWS.replace("order_id: str", "order_id"))
    code, output, _ = _run("--format", "sarif")
    assert code == 0
    log = json.loads(output)
    (run,) = log["runs"]
    (found,) = run["results"]
    assert (log["version"], found["ruleId"], found["level"]) == ("2.1.0", "DG014", "warning")
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("shop/workflows.py", 5)
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == "DG014"


def test_watching_generates_again_after_each_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, config = project / "shop/workflows.py", project / "pyproject.toml"
    good = config.read_text()

    class Enough(Exception):
        pass

    def edits() -> object:
        yield source.write_text(WORKFLOWS.replace("order_id: str", "order_id: bytes"))
        yield config.write_text("[tool.dbos-gen]\n")
        yield config.write_text(good)
        os.utime(project / "shop/generated/workflows.py", ns=(1, 1))
        yield None
        raise Enough

    pending = iter(edits())  # type: ignore[call-overload]  # a generator, said to be an object

    monkeypatch.setattr(cli.time, "sleep", lambda _: next(pending))  # type: ignore[attr-defined]  # the module's own
    result = CliRunner().invoke(app, ["--watch"])
    assert isinstance(result.exception, Enough)
    assert re.findall(r"; (\d+) files? changed", result.stdout) == ["5", "3", "0"]
    assert "`modules` is missing" in result.stderr


def test_generated_files_are_not_watched(project: Path) -> None:
    config = load(project / "pyproject.toml")
    before = snapshot(config)
    assert _run()[0] == 0
    assert snapshot(config) == before
    (project / "shop/new.py").touch()
    assert snapshot(config) != before


def test_check_and_watch_stand_alone(project: Path) -> None:
    del project
    assert _run("--check", "--watch")[0] == 2
    assert _run("--check", "list")[0] == 2
    assert _run("--watch", "list")[0] == 2


def test_shells_can_complete(project: Path) -> None:
    del project
    assert "--show-completion" in _run("--help")[1]
