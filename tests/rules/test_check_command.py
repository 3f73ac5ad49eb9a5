"""`dbos-gen check`: what it looks at, what it prints, how it exits."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dbos_gen.cli import app
from dbos_gen.sources.config import ConfigError, load, load_for_rules
from tests.rules.programs import write

_WRONG = """\
from dbos_typed import DBOS
from helpers import now


@DBOS.workflow()
def flow() -> float:
    return now()


@DBOS.step()
def step() -> None:
    DBOS.sleep(1)
"""
_HELPERS = "import time\n\n\ndef now() -> float:\n    return time.time()\n"
_RIGHT = "from dbos_typed import DBOS\n\n\n@DBOS.workflow()\ndef fine() -> None:\n    DBOS.sleep(1)\n"
_TABLE = '[tool.dbos-gen]\nmodules = ["flows", "fine"]\noutput = "generated"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"flows.py": _WRONG, "fine.py": _RIGHT, "helpers.py": _HELPERS, "pyproject.toml": _TABLE})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def test_the_configured_modules_are_checked_and_findings_exit_with_1(project: Path) -> None:
    result = _check()
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(": ")[0:2] for line in lines] == [
        ["flows.py:7:12", "dbos-deterministic"],
        ["helpers.py:5", "note"],
        ["flows.py:12:5", "dbos-context"],
    ]
    assert result.stderr == "2 findings in 1 file; 2 modules checked\n"


def test_nothing_found_exits_with_0(project: Path) -> None:
    result = _check("fine.py")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 findings; 1 module checked\n")


@pytest.mark.parametrize("target", ["flows", "flows.py", "./flows.py", "flo*", "."])
def test_modules_are_named_by_dotted_names_globs_and_paths(target: str, project: Path) -> None:
    assert "flows.py:12:5: dbos-context" in _check(target).stdout


def test_rules_are_switched_off(project: Path) -> None:
    assert "dbos-context" not in _check("--disable", "dbos-context").stdout
    both = _check("--disable", "dbos-context", "--disable", "dbos-deterministic")
    assert (both.exit_code, both.stdout) == (0, "")
    wrong = _check("--disable", "dbos-contxt")
    assert wrong.exit_code == 2
    assert "did you mean 'dbos-context'" in wrong.stderr


def test_optional_rules_are_switched_on(project: Path) -> None:
    told = _RIGHT.replace("    DBOS.sleep(1)", "    print(time.time())").replace(
        "from dbos", "import time\nfrom dbos", 1
    )
    write(project, {"told.py": told})
    assert _check("told.py").stdout == ""
    assert "told.py:7:11: dbos-deterministic-log" in _check("told.py", "--enable", "dbos-deterministic-log").stdout
    assert "did you mean 'dbos-deterministic-log'" in _check("--enable", "dbos-determinstic-log").stderr
    (project / "pyproject.toml").write_text('[tool.dbos-gen.rules]\nenable = ["dbos-deterministic-log"]\n')
    assert "told.py:7:11: dbos-deterministic-log" in _check("told.py").stdout
    assert _check("told.py", "--disable", "dbos-deterministic-log").stdout == ""


def test_the_configuration_switches_off_and_extends(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        _TABLE
        + """
[tool.dbos-gen.rules]
nondeterministic = { "DUMMY.now" = "do not" }
deterministic = ["time.time"]

[[tool.dbos-gen.rules.overrides]]
module = "flo*"
disable = ["dbos-context"]
"""
    )
    result = _check()
    assert (result.exit_code, result.stdout) == (0, "")


def test_wrong_options_are_all_reported_with_a_remedy(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        _TABLE
        + """
[tool.dbos-gen.rules]
disble = []
disable = ["dbos-contxt", 3]
nondeterministic = ["a"]
deterministic = "a"
overrides = [{ disable = [] }, 3]
"""
    )
    result = _check()
    assert result.exit_code == 2
    for text in (
        "unknown key `disble` in `rules`; did you mean `disable`?",
        "'dbos-contxt', which is no rule; did you mean 'dbos-context'?",
        "`rules.disable` holds 3",
        "`rules.nondeterministic` is ['a']; give a table",
        "`rules.deterministic` is 'a'; give a list",
        "`rules.overrides` needs `module`",
        "`rules.overrides` holds 3",
    ):
        assert text in result.stderr
    with pytest.raises(ConfigError, match="unknown key `disble`"):
        load(project / "pyproject.toml")


def test_no_table_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"src/shop/__init__.py": "", "src/shop/flows.py": _WRONG.replace("helpers", "shop.helpers")})
    write(tmp_path, {"src/shop/helpers.py": _HELPERS, "scripts/run.py": _WRONG})
    monkeypatch.chdir(tmp_path)
    assert "src/shop/flows.py:7:12: dbos-deterministic" in _check("src/").stdout
    assert "src/shop/flows.py:7:12: dbos-deterministic" in _check("src/shop").stdout
    assert "src/shop/flows.py:7:12: dbos-deterministic" in _check("src/shop/flows.py").stdout
    assert "scripts/run.py:12:5: dbos-context" in _check("scripts/run.py").stdout
    result = _check()
    assert result.exit_code == 2
    assert "dbos-gen check src/" in result.stderr
    assert load_for_rules(tmp_path / "pyproject.toml").modules == ()


def test_scripts_of_the_same_name_are_all_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a/run.py": _WRONG, "b/run.py": _WRONG, "b/helpers.py": _HELPERS})
    monkeypatch.chdir(tmp_path)
    lines = _check("a/run.py", "b/run.py").stdout.splitlines()
    assert [line.split(": ")[0] for line in lines if "dbos-context" in line] == ["a/run.py:12:5", "b/run.py:12:5"]


def test_modules_are_looked_for_below_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"src/flows.py": _WRONG, "src/helpers.py": _HELPERS})
    (tmp_path / "pyproject.toml").write_text('[tool.dbos-gen]\nroot = "src"\nmodules = ["flows"]\noutput = "gen"\n')
    monkeypatch.chdir(tmp_path)
    assert "src/flows.py:7:12: dbos-deterministic" in _check().stdout


@pytest.mark.parametrize("target", ["missing", "missing.py", "no.*.such"])
def test_what_names_no_module_is_wrong_usage(target: str, project: Path) -> None:
    result = _check(target)
    assert result.exit_code == 2
    assert f"'{target}' names no module" in result.stderr


def test_a_module_that_does_not_parse_is_reported(project: Path) -> None:
    (project / "broken.py").write_text("def f(:\n")
    result = _check("broken.py", "fine.py")
    assert result.exit_code == 1
    assert "broken.py:1: DG001 error: the module does not parse" in result.stderr


def test_formats_for_programs(project: Path) -> None:
    document = json.loads(_check("--format", "json").stdout)
    assert document["ok"] is False
    assert [(found["file"], found["line"], found["code"]) for found in document["findings"]] == [
        ("flows.py", 7, "dbos-deterministic"),
        ("flows.py", 12, "dbos-context"),
    ]
    assert document["findings"][0]["notes"][0]["file"] == "helpers.py"
    github = _check("--format", "github").stdout.splitlines()
    assert github[0].startswith("::error file=flows.py,line=7,col=12,title=dbos-deterministic::`flow` calls `now`")
    sarif = json.loads(_check("--format", "sarif").stdout)
    results = sarif["runs"][0]["results"]
    assert [found["ruleId"] for found in results] == ["dbos-deterministic", "dbos-context"]
    assert results[0]["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_unknown_codes_are_not_explained() -> None:
    result = CliRunner().invoke(app, ["explain", "dbos-nothing"])
    assert result.exit_code == 2
    assert "dbos-context" in result.stderr
