"""The public annotations under mypy, with and without the plugin, and under pyright.

A line in `api/*.py` that has to be reported ends with `# E: mypy,plugin arg-type | pyright reportArgumentType`: the
checkers, and the error codes each of them gives there. Everything else has to pass.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((Path(__file__).parent / "api").glob("*.py"))

Findings = dict[str, set[str]]
"""Error codes by `file:line`."""


def expected(checker: str) -> Findings:
    findings: Findings = {}
    for path in FILES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            _, marker, groups = line.partition("# E: ")
            for group in groups.split("|") if marker else ():
                checkers, codes = group.split()
                if checker in checkers.split(","):
                    findings[f"{path.name}:{number}"] = set(codes.split(","))
    return findings


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


def mypy_findings(cache: Path, config: str) -> Findings:
    cache.mkdir(parents=True, exist_ok=True)
    config_file = cache / "mypy.ini"
    config_file.write_text(f"[mypy]\nstrict = True\nfollow_imports = silent\n{config}", encoding="utf-8")
    output = run("mypy", "--config-file", str(config_file), "--cache-dir", str(cache), *map(str, FILES))
    findings: Findings = {}
    for path, number, code in re.findall(r"^(\S+):(\d+): error: .*  \[([\w-]+)\]$", output, re.MULTILINE):
        findings.setdefault(f"{Path(path).name}:{number}", set()).add(code)
    return findings


def pyright_findings(project: Path) -> Findings:
    report = json.loads(run("pyright", "--project", str(project), "--pythonpath", sys.executable, "--outputjson"))
    assert report["summary"]["filesAnalyzed"] == len(FILES)
    findings: Findings = {}
    for item in report["generalDiagnostics"]:
        if item["severity"] == "error":
            place = f"{Path(item['file']).name}:{item['range']['start']['line'] + 1}"
            findings.setdefault(place, set()).add(item["rule"])
    return findings


def test_mypy_without_the_plugin(pytestconfig: pytest.Config) -> None:
    cache = pytestconfig.cache
    assert cache is not None
    assert mypy_findings(cache.mkdir("typecheck-plain"), "") == expected("mypy")


def test_mypy_with_the_plugin(pytestconfig: pytest.Config) -> None:
    cache = pytestconfig.cache
    assert cache is not None
    assert mypy_findings(cache.mkdir("typecheck-plugin"), "plugins = dbos_typed_mypy\n") == expected("plugin")


def test_pyright() -> None:
    assert pyright_findings(Path(__file__).parent) == expected("pyright")
