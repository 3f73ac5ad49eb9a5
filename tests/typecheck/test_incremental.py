"""Findings do not depend on what mypy has cached, on how it is run, or on where a module is found.

Cached modules have no function bodies, workers share nothing but the disk, and a helper's body is no part of what mypy
compares between runs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = """
from typing import TypeVar, overload
from dbos_typed import DBOS
from clock import now
T = TypeVar("T")
@overload
def parsed(value: int) -> int: ...
@overload
def parsed(value: str) -> bytes: ...
@DBOS.workflow()
def parsed(value: int | str) -> int | bytes:
    return 1
class Box:
    @classmethod
    @DBOS.workflow()
    async def make(cls, item: T) -> list[T]:
        return [item]
@DBOS.step()
def charge() -> int:
    return 1
def stamp(order: str) -> str:
    return f"{order} {now()}"
"""
CLOCK = """
import time
def now() -> float:
    return time.time()
"""
STILL = CLOCK.replace("time.time()", "float(bool(time))")
APPLICATION = """
from dbos_typed import DBOS
from library import Box, charge, parsed, stamp
reveal_type(DBOS.start_workflow(parsed, "a"))
reveal_type(DBOS.start_workflow(Box.make, "a"))
DBOS.start_workflow(charge)
@DBOS.workflow()
def flow(order: str) -> str:
    return stamp(order)
@DBOS.workflow()
def silenced(order: str) -> str:
    return stamp(order)  # type: ignore[dbos-deterministic]
"""
CONFIG = "[mypy]\nstrict = True\nfollow_imports = silent\nplugins = dbos_typed_mypy\n"
REVEALED = [
    'application.py:4: note: Revealed type is "dbos_typed.api.handles.WorkflowHandle[bytes]"',
    'application.py:5: note: Revealed type is "dbos_typed.api.handles.WorkflowHandle[list[str]]"',
]
NO_WORKFLOW = (
    "application.py:6: error: `DBOS.start_workflow()` needs a workflow, and `charge` is a step; "
    "call the step directly, or start a workflow that calls it  [dbos-workflow]"
)
READS_CLOCK = [
    (
        "application.py:9: error: `flow` calls `stamp`, which calls `now`, which calls `time.time()`: that reads the "
        "clock, which says something else when the workflow is recovered; read the clock in a function decorated with "
        "@DBOS.step() and use what it returns  [dbos-deterministic]"
    ),
    "application.py:9: note: clock.py:4: `now` calls `time.time()` here",
]
UNUSED = 'application.py:12: error: Unused "type: ignore" comment  [unused-ignore]'
FOUND = [*REVEALED, NO_WORKFLOW, *READS_CLOCK]
FILES = ("application.py", "library.py", "clock.py")


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that knows the runtime, which takes most of the time."""
    folder = tmp_path_factory.mktemp("warm")
    (folder / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    (folder / "any.py").write_text("import dbos_typed\n", encoding="utf-8")
    assert findings(folder, "any.py") == []
    return folder / ".mypy_cache"


@pytest.fixture
def project(tmp_path: Path, warm: Path) -> Path:
    shutil.copytree(warm, tmp_path / ".mypy_cache")
    for name, text in (("application", APPLICATION), ("library", LIBRARY), ("clock", CLOCK)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def findings(project: Path, *arguments: str, tool: str = "mypy") -> list[str]:
    command = [sys.executable, "-m", tool, *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert "INTERNAL ERROR" not in done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith(("Found ", "Success", "Daemon"))]


def check(project: Path, *options: str) -> list[str]:
    return findings(project, *options, *FILES)


@pytest.mark.slow
def test_findings_are_the_same_cold_warm_after_an_edit_and_with_workers(project: Path) -> None:
    assert check(project) == FOUND
    assert check(project) == FOUND
    application = project / "application.py"
    application.write_text(f"{APPLICATION}# edited\n", encoding="utf-8")
    assert check(project) == FOUND
    assert check(project, "-n", "2") == FOUND
    assert check(project, "-n", "2", "--cache-dir", "of-workers") == FOUND
    assert check(project, "--cache-dir", "of-workers") == FOUND


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [["--sqlite-cache"], ["--cache-fine-grained"], ["--no-incremental"], ["--cache-dir", "/dev/null"]],
    ids=" ".join,
)
def test_findings_are_the_same_however_mypy_keeps_its_cache(project: Path, options: list[str]) -> None:
    assert check(project, *options) == FOUND
    assert check(project, *options) == FOUND


@pytest.mark.slow
def test_an_edit_of_a_helper_alone_reaches_the_workflows_that_call_it(project: Path) -> None:
    clock = project / "clock.py"
    assert check(project) == FOUND
    clock.write_text(STILL, encoding="utf-8")
    assert check(project) == [*REVEALED, NO_WORKFLOW, UNUSED]
    clock.write_text(CLOCK, encoding="utf-8")
    assert check(project) == FOUND
    clock.write_text(f"{CLOCK}# a comment\n", encoding="utf-8")
    assert check(project) == FOUND


@pytest.mark.slow
def test_a_decorator_that_changes_elsewhere_is_seen(project: Path) -> None:
    assert check(project) == FOUND
    text = LIBRARY.replace("@DBOS.step()\ndef charge", "@DBOS.workflow()\ndef charge")
    (project / "library.py").write_text(text, encoding="utf-8")
    assert check(project) == [*REVEALED, *READS_CLOCK]


@pytest.mark.slow
def test_a_helper_that_comes_and_goes_is_seen(project: Path) -> None:
    helper = project / "extra.py"
    application = project / "application.py"
    application.write_text(
        "from dbos_typed import DBOS\nimport extra\n@DBOS.workflow()\ndef flow() -> object:\n    return extra.now()\n",
        encoding="utf-8",
    )

    def codes() -> list[str]:
        return [line.rpartition("[")[2].rstrip("]") for line in findings(project, "application.py") if "error" in line]

    assert codes() == ["import-not-found"]
    helper.write_text(CLOCK, encoding="utf-8")
    assert codes() == ["dbos-deterministic"]
    helper.write_text(STILL, encoding="utf-8")
    assert codes() == []
    helper.unlink()
    assert codes() == ["import-not-found"]


@pytest.mark.slow
def test_the_daemon_finds_the_same_and_follows_the_file_that_is_edited(project: Path) -> None:
    def run() -> list[str]:
        options = ("--follow-imports=normal", *FILES)
        return findings(project, "--status-file", "daemon.json", "run", "--", *options, tool="mypy.dmypy")

    try:
        assert run() == FOUND
        library = project / "library.py"
        library.write_text(f"{LIBRARY}# edited\n", encoding="utf-8")
        assert run() == FOUND
        (project / "clock.py").write_text(STILL, encoding="utf-8")
        (project / "application.py").write_text(f"{APPLICATION}# edited\n", encoding="utf-8")
        assert run() == [*REVEALED, NO_WORKFLOW, UNUSED]
    finally:
        findings(project, "--status-file", "daemon.json", "stop", tool="mypy.dmypy")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["-m", "application"], ["."]], ids=" ".join)
def test_findings_are_the_same_however_modules_are_named(project: Path, arguments: list[str]) -> None:
    assert findings(project, *arguments) == FOUND


@pytest.mark.slow
def test_a_program_on_the_command_line_has_no_file_to_look_at(project: Path) -> None:
    program = "import time\nfrom dbos_typed import DBOS\n@DBOS.workflow()\ndef f() -> float:\n    return time.time()\n"
    assert findings(project, "-c", program) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "config"),
    [
        ("src/shop", "mypy_path = src\n"),
        ("lib/shop", "mypy_path = lib\nexplicit_package_bases = True\n"),
        ("deep/er/shop", "mypy_path = deep/er\nexplicit_package_bases = True\n"),
    ],
    ids=["packages below src", "a namespace package", "a namespace package further down"],
)
def test_helpers_are_found_in_packages_below_other_folders(project: Path, folder: str, config: str) -> None:
    package = project / folder
    package.mkdir(parents=True)
    if folder.startswith("src"):
        (package / "__init__.py").touch()
    (package / "clock.py").write_text(CLOCK, encoding="utf-8")
    workflow = "@DBOS.workflow()\ndef flow() -> float:\n    return now()\n"
    (package / "flows.py").write_text(
        f"from dbos_typed import DBOS\nfrom shop.clock import now\n{workflow}", encoding="utf-8"
    )
    (project / "script.py").write_text(
        f"from dbos_typed import DBOS\nfrom shop.clock import now\n{workflow}", encoding="utf-8"
    )
    (project / "mypy.ini").write_text(CONFIG + config, encoding="utf-8")
    found = findings(project, f"{folder}/flows.py", "script.py")
    assert {line.partition(":")[0] for line in found if "[dbos-deterministic]" in line} == {
        f"{folder}/flows.py",
        "script.py",
    }


@pytest.mark.slow
def test_a_script_without_a_suffix_is_checked(project: Path) -> None:
    (project / "run").write_text(APPLICATION, encoding="utf-8")
    found = findings(project, "run")
    assert found == [line.replace("application.py", "run") for line in FOUND]


@pytest.mark.slow
def test_what_is_broken_elsewhere_crashes_nothing(project: Path) -> None:
    (project / "clock.py").write_text("import library\nimport gone\ndef now(:\n", encoding="utf-8")
    found = findings_of_broken(project)
    assert any("clock.py" in line and "[syntax]" in line for line in found)
    (project / "clock.py").write_text(f"import library\nimport gone\n{CLOCK}", encoding="utf-8")
    found = findings_of_broken(project)
    assert any("[import-not-found]" in line for line in found)
    assert READS_CLOCK[0] in [line.replace("clock.py:6", "clock.py:4") for line in found]


def findings_of_broken(project: Path) -> list[str]:
    command = [sys.executable, "-m", "mypy", *FILES]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "INTERNAL ERROR" not in done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_findings_about_a_call_in_a_call_with_overloads_leave_its_overloads_alone(project: Path) -> None:
    (project / "application.py").write_text(
        "from dbos_typed import DBOS\n"
        "@DBOS.step()\n"
        "def charge(amount: int) -> int:\n"
        "    return amount\n"
        "@DBOS.workflow()\n"
        "def flow() -> None:\n"
        "    DBOS.set_event('total', sum([DBOS.start_workflow(charge, 1).get_result()], start=0))\n"
        "    found = {}\n"
        "    found['id'] = str(DBOS.start_workflow(charge, 1).workflow_id)\n"
        "    for name in found:\n"
        "        max(name, DBOS.start_workflow(charge, 1).workflow_id)\n",
        encoding="utf-8",
    )
    found = findings(project, "application.py")
    assert [(line.split(":")[1], line.rpartition("[")[2]) for line in found if "error" in line] == [
        ("7", "dbos-workflow]"),
        ("9", "dbos-workflow]"),
        ("11", "dbos-workflow]"),
    ]


@pytest.mark.slow
def test_codes_can_be_switched_off_on_the_command_line_and_in_a_file(project: Path) -> None:
    found = check(project, "--disable-error-code", "dbos-deterministic")
    assert found == [*REVEALED, NO_WORKFLOW, UNUSED]
    application = project / "application.py"
    application.write_text(f'# mypy: disable-error-code="dbos-deterministic"{APPLICATION}', encoding="utf-8")
    assert check(project) == [*REVEALED, NO_WORKFLOW, UNUSED]


@pytest.mark.slow
def test_options_of_the_rules_are_those_of_pyproject(project: Path) -> None:
    pyproject = project / "pyproject.toml"
    pyproject.write_text('[tool.dbos-gen.rules]\ndeterministic = ["time.time"]\n', encoding="utf-8")
    assert check(project) == [*REVEALED, NO_WORKFLOW, UNUSED]
    pyproject.write_text('[tool.dbos-gen.rules]\ndisable = ["dbos-workflow"]\n', encoding="utf-8")
    assert NO_WORKFLOW not in check(project)
    pyproject.write_text('[tool.dbos-gen.rules]\ndisable = ["dbos-nothing"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *FILES], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "`rules.disable` names 'dbos-nothing', which is no rule" in done.stdout + done.stderr


@pytest.mark.slow
def test_an_optional_code_is_switched_on_by_mypy_by_the_plugin_and_by_the_rules(project: Path) -> None:
    code = "dbos-deterministic-log"
    text = f"""
import time
from dbos_typed import DBOS
@DBOS.workflow()
def flow() -> None:
    print(time.time())
    print(time.time())  # type: ignore[dbos-deterministic]
    print(time.time())  # dbos: ignore[{code}]
"""
    # As many as are looked at by a process of their own.
    names = [f"told_{number}.py" for number in range(31)]
    for name in names:
        (project / name).write_text(text, encoding="utf-8")
    ini, pyproject = project / "mypy.ini", project / "pyproject.toml"

    def lines() -> list[str]:
        return [line.rpartition(": error: ")[0] for line in findings(project, *names) if line.endswith(f"[{code}]")]

    told = sorted(f"{name}:6" for name in names)
    assert lines() == []
    ini.write_text(f"{CONFIG}enable_error_code = {code}\n", encoding="utf-8")
    assert sorted(lines()) == told
    ini.write_text(f"{CONFIG}[dbos-typed-mypy]\nenable = {code}\n", encoding="utf-8")
    assert sorted(lines()) == told
    ini.write_text(CONFIG, encoding="utf-8")
    assert lines() == []
    pyproject.write_text(f'[tool.dbos-gen.rules]\nenable = ["{code}"]\n', encoding="utf-8")
    assert sorted(lines()) == told


@pytest.mark.slow
def test_generated_code_is_stale_until_it_is_made_again(project: Path) -> None:
    table = '[tool.dbos-gen]\nmodules = ["shop.flows"]\noutput = "shop.generated"\n'
    (project / "pyproject.toml").write_text(table, encoding="utf-8")
    flows = project / "shop" / "flows.py"
    flows.parent.mkdir()
    (flows.parent / "__init__.py").touch()
    text = "from dbos_typed import DBOS\n@DBOS.workflow()\ndef flow(order: str) -> str:\n    return order\n"
    flows.write_text(text, encoding="utf-8")
    application = project / "application.py"
    uses = (
        "from shop.generated.flows import flow\n"
        "from shop.generated.flows import FlowHandle{}\n"
        "print(flow, FlowHandle)\n"
    )

    def places() -> list[str]:
        found = findings(project, "application.py")
        return [line.partition(" error")[0] for line in found if line.endswith("[dbos-stale]")]

    subprocess.run([sys.executable, "-m", "dbos_gen"], cwd=project, check=True, capture_output=True)
    application.write_text(uses.format(""), encoding="utf-8")
    assert findings(project, "application.py") == []
    flows.write_text(text.replace("order: str", "order: int").replace("return order", "return str(order)"))
    assert "application.py:1:" in places()
    assert "application.py:2:" in places()
    application.write_text(uses.format("  # type: ignore[dbos-stale]"), encoding="utf-8")
    assert "application.py:1:" in places()
    assert "application.py:2:" not in places()
    subprocess.run([sys.executable, "-m", "dbos_gen"], cwd=project, check=True, capture_output=True)
    application.write_text(uses.format(""), encoding="utf-8")
    assert findings(project, "application.py") == []


@pytest.mark.slow
def test_what_is_known_of_an_event_follows_the_workflow_that_sets_it(project: Path) -> None:
    library = project / "library.py"
    text = "from dbos_typed import DBOS\n@DBOS.workflow()\ndef flow() -> None:\n    DBOS.set_event('at', 1)\n"
    library.write_text(text, encoding="utf-8")
    (project / "application.py").write_text(
        "from dbos_typed import DBOS\n"
        "from library import flow\n"
        "at = DBOS.get_event(DBOS.start_workflow(flow).workflow_id, 'at')\n"
        "reveal_type(at)\n",
        encoding="utf-8",
    )
    revealed = 'application.py:4: note: Revealed type is "{}"'
    assert findings(project, "application.py") == [revealed.format("int | None")]
    assert findings(project, "application.py") == [revealed.format("int | None")]
    library.write_text(text.replace("1", "'half'"), encoding="utf-8")
    assert findings(project, "application.py") == [revealed.format("str | None")]
