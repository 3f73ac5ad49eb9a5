"""What is generated for each case, byte for byte, and what the tools of users say about it.

Run with DBOS_GEN_UPDATE=1 to accept what is generated now.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codegen.conftest import CASE_NAMES, CASES, Cases, generate_cases

_UPDATE = bool(os.environ.get("DBOS_GEN_UPDATE"))


def _output(cases: Cases, name: str) -> dict[str, str]:
    folder = cases.root / name / "generated"
    paths = [path for path in folder.rglob("*.*") if "__pycache__" not in path.parts]
    files = {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in paths}
    return files | {"diagnostics.txt": "".join(f"{found}\n" for found in cases.results[name].diagnostics)}


@pytest.mark.parametrize("name", CASE_NAMES)
def test_case_generates_the_expected_files(cases: Cases, name: str) -> None:
    expected = CASES / name / "expected"
    found = _output(cases, name)
    if _UPDATE:
        expected.mkdir(exist_ok=True)
        for path, text in found.items():
            (expected / path).write_bytes(text.encode())
    wanted = {path.name: path.read_bytes().decode() for path in expected.iterdir()}
    assert found == wanted


def test_output_is_the_same_in_another_folder(cases: Cases, tmp_path: Path) -> None:
    again = generate_cases(tmp_path / "elsewhere")
    assert {name: _output(again, name) for name in CASE_NAMES} == {name: _output(cases, name) for name in CASE_NAMES}


def _findings_in(lines: list[str]) -> list[str]:
    return [line for line in lines if "/generated/" in line or "/use.py" in line]


@pytest.mark.slow
def test_generated_code_passes_mypy_strict(cases: Cases, pytestconfig: pytest.Config) -> None:
    assert pytestconfig.cache is not None
    config = cases.root / "mypy.ini"
    config.write_text("[mypy]\nstrict = true\nmypy_path = .\n")
    targets = [f"{name}/{part}" for name in CASE_NAMES for part in ("generated", "use.py")]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", str(pytestconfig.cache.mkdir("mypy-codegen")), *targets],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Found" in found.stdout or "Success" in found.stdout, found.stdout + found.stderr
    assert _findings_in(found.stdout.replace("\\", "/").splitlines()) == []


@pytest.mark.slow
def test_generated_code_passes_pyright_strict(cases: Cases) -> None:
    config = {
        "include": [f"{name}/{part}" for name in CASE_NAMES for part in ("generated", "use.py")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "reportUnnecessaryTypeIgnoreComment": True,
    }
    (cases.root / "pyrightconfig.json").write_text(json.dumps(config))
    found = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(found.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(CASE_NAMES)
    findings = [
        f"{Path(finding['file']).relative_to(cases.root)}:{finding['range']['start']['line'] + 1}: {finding['message']}"
        for finding in report["generalDiagnostics"]
        if finding["severity"] == "error"
    ]
    assert findings == []


@pytest.mark.parametrize("line_length", [88, 100, 120])
def test_generated_code_is_formatted_at_common_line_lengths(cases: Cases, line_length: int) -> None:
    folders = [f"{name}/generated" for name in CASE_NAMES]
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "--line-length", str(line_length), *folders],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
    assert found.returncode == 0, found.stderr


def test_generated_code_passes_common_lint_rules(cases: Cases) -> None:
    folders = [f"{name}/generated" for name in CASE_NAMES]
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--isolated",
            "--ignore-noqa",
            "--extend-select",
            "E4,E7,E9,F,I,W,UP",
            # Annotating the tables would need an import of ClassVar that only this rule asks for.
            "--ignore",
            "RUF012",
            *folders,
        ],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout


_OTHERS = {
    "ty": ["ty", "check", "--output-format", "concise", "--python", sys.prefix],
    "pyrefly": ["pyrefly", "check", "--output-format", "min-text"],
    "zuban": ["zuban", "mypy", "--strict", "--python-executable", sys.executable],
}


def _program(name: str) -> str:
    folders = (os.environ.get("DBOS_TEST_CHECKERS", ""), os.environ.get("PATH", ""), str(Path(sys.executable).parent))
    found = shutil.which(name, path=os.pathsep.join(filter(None, folders)))
    if found is None:
        pytest.skip(f"{name} is not installed; DBOS_TEST_CHECKERS may name a folder that has it")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_OTHERS))
def test_generated_code_passes_other_type_checkers(cases: Cases, name: str) -> None:
    program = _program(name)
    (cases.root / "pyrefly.toml").write_text(f"python-interpreter-path = {json.dumps(sys.executable)}\n")
    planted = cases.root / f"planted_for_{name}.py"
    planted.write_text("from running.generated.workflows import checkout\n\ncheckout.start(1)\n")
    files = [f"{case}/generated/workflows{suffix}" for case in CASE_NAMES for suffix in (".py", ".pyi")]
    found = subprocess.run(
        [program, *_OTHERS[name][1:], *files, planted.name],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in found.stdout.replace("\\", "/").splitlines() if "error" in line.lower() and ".py" in line]
    assert [line for line in lines if "/generated/" in line] == []
    # That it found nothing says something only if it would have.
    assert any(planted.name in line for line in lines), found.stdout + found.stderr


_MAX_BYTES = {".py": 900, ".pyi": 2400}


def test_generated_code_is_small(cases: Cases) -> None:
    count = sum(result.workflow_count for result in cases.results.values())
    for suffix, allowed in _MAX_BYTES.items():
        size = sum((cases.root / name / f"generated/workflows{suffix}").stat().st_size for name in CASE_NAMES)
        assert size / count <= allowed, f"{size / count:.0f} bytes of {suffix} for each workflow"


_IMPORT_ALL = """
import importlib, sys
from dbos_typed import DBOS
from dbos_typed.api.refs import StoredWorkflows, StoredWorkflowsAsync

def references(space):
    for value in vars(space).values():
        if isinstance(value, StoredWorkflows | StoredWorkflowsAsync):
            yield value
        elif isinstance(value, type) and value.__module__.endswith(".generated.workflows"):
            yield from references(value)

for name in sys.argv[1:]:
    generated = importlib.import_module(f"{name}.generated.workflows")
    assert f"{name}.workflows" not in sys.modules, f"{name}.workflows was imported"
    found = list(references(generated))
    assert found, name
    if name != "unknown":
        for reference in found:
            definition = reference._target.function().definition
            target = reference._target
            # What a class inherits is registered once, by the class that defines it; a decorator that is applied like a
            # function gives another name to the same function.
            labels = {f"{target.module}:{target.qualname}", "definitions.workflows:_plain"}
            is_inherited = "." in target.qualname and target.qualname.split(".")[-1] == definition.label.split(".")[-1]
            assert is_inherited or definition.label in labels, definition.label
            assert definition.name == target.name, definition.name
    # The cases are applications of their own, and some use the same names.
    DBOS.destroy(destroy_registry=True)
"""


def test_references_find_their_workflows_and_import_them_only_then(cases: Cases) -> None:
    found = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, *CASE_NAMES], cwd=cases.root, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
