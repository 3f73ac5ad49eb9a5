"""Running type checkers over a project, and reading what they report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.planted import REPOSITORY, Project

PYTHON = Path(sys.executable)

_MYPY_LINE = re.compile(
    r"^(?P<path>[^:\n]+):(?P<line>\d+): error: (?P<text>.*?)(?:  \[(?P<code>[\w-]+)\])?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Report:
    """An error that a checker reports; `path` is relative to the project, with forward slashes."""

    path: str
    line: int
    code: str
    text: str


class CheckerFailedError(Exception):
    """A checker stopped without having checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """A way of checking a project; `needs` is the program to look for, None: it is always there."""

    name: str
    run: Callable[[Project, Callable[[str], str]], Iterable[Report]]
    needs: str | None = None

    def find(self, folders: Iterable[Path]) -> str | None:
        """The program, from `folders` or PATH; None when it is not installed."""
        if self.needs is None:
            return self.name
        for folder in (*folders, PYTHON.parent, *map(Path, os.environ.get("PATH", "").split(os.pathsep))):
            if (folder / self.needs).is_file():
                return str(folder / self.needs)
        return None


def _call(
    project: Project, command: list[str], *, environment: Mapping[str, str] | None = None, ok: tuple[int, ...] = (0, 1)
) -> str:
    done = subprocess.run(
        command,
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode not in ok:
        raise CheckerFailedError(
            f"{' '.join(command[:4])} … exited with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def _mypy_reports(output: str) -> list[Report]:
    return [
        Report(path=Path(each["path"]).as_posix(), line=int(each["line"]), code=each["code"] or "", text=each["text"])
        for each in _MYPY_LINE.finditer(output)
    ]


def _mypy_configuration(project: Project, *, plugin: bool) -> Path:
    # Beside the project's pyproject.toml, because the plugin looks for that of the generator from here upwards.
    file = project.root / ("mypy-plugin.ini" if plugin else "mypy-plain.ini")
    lines = [
        "[mypy]",
        "strict = True",
        "explicit_package_bases = True",
        f"mypy_path = {project.root}",
        f"cache_dir = {project.root / ('.mypy-plugin' if plugin else '.mypy-plain')}",
        "enable_error_code = ignore-without-code,redundant-expr,truthy-bool",
        "show_traceback = True",
    ]
    if plugin:
        lines.append("plugins = dbos_typed_mypy")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _mypy(*, plugin: bool) -> Callable[[Project, Callable[[str], str]], list[Report]]:
    def run(project: Project, program: Callable[[str], str]) -> list[Report]:
        del program
        config = _mypy_configuration(project, plugin=plugin)
        command = [str(PYTHON), "-m", "mypy", "--config-file", str(config), "--no-error-summary", *project.paths]
        return _mypy_reports(_call(project, command))

    return run


def _pyright_family(needs: str) -> Callable[[Project, Callable[[str], str]], list[Report]]:
    def run(project: Project, program: Callable[[str], str]) -> list[Report]:
        config = project.root / "pyrightconfig.json"
        settings: dict[str, Any] = {
            "include": project.paths,
            "extraPaths": [str(REPOSITORY)],
            "typeCheckingMode": "strict",
            "pythonVersion": "3.11",
        }
        config.write_text(json.dumps(settings), encoding="utf-8")
        command = [program(needs), "--project", str(config), "--pythonpath", str(PYTHON), "--outputjson"]
        answer = json.loads(_call(project, command))
        return [
            Report(
                path=Path(each["file"]).relative_to(project.root.resolve()).as_posix(),
                line=each["range"]["start"]["line"] + 1,
                code=each.get("rule", ""),
                text=each["message"].splitlines()[0],
            )
            for each in answer["generalDiagnostics"]
            if each["severity"] == "error"
        ]

    return run


def _ty(project: Project, program: Callable[[str], str]) -> list[Report]:
    command = [program("ty"), "check", "--python", str(PYTHON), "--python-version", "3.11"]
    command += ["--extra-search-path", str(REPOSITORY), "--output-format", "concise", "--color", "never"]
    output = _call(project, [*command, *project.paths])
    pattern = re.compile(r"^(?P<path>[^:\n]+):(?P<line>\d+):\d+: error\[(?P<code>[\w-]+)\] (?P<text>.*)$", re.MULTILINE)
    return [
        Report(path=each["path"], line=int(each["line"]), code=each["code"], text=each["text"])
        for each in pattern.finditer(output)
    ]


def _pyrefly(project: Project, program: Callable[[str], str]) -> list[Report]:
    command = [program("pyrefly"), "check", "--preset", "strict", "--output-format", "json", "--summary", "none"]
    # A matter of style, which the preset makes an error.
    command += ["--ignore", "missing-override-decorator"]
    command += ["--search-path", str(project.root), "--search-path", str(REPOSITORY)]
    command += ["--python-interpreter-path", str(PYTHON), "--python-version", "3.11", *project.paths]
    answer = json.loads(_call(project, command))
    return [
        Report(
            path=Path(each["path"]).as_posix(), line=each["line"], code=each["name"], text=each["concise_description"]
        )
        for each in answer["errors"]
        if each.get("severity", "error") == "error"
    ]


def _zuban(project: Project, program: Callable[[str], str]) -> list[Report]:
    command = [program("zuban"), "mypy", "--strict", "--explicit-package-bases", "--python-executable", str(PYTHON)]
    command += ["--no-error-summary", *project.paths]
    environment = {"MYPYPATH": os.pathsep.join([str(project.root), str(REPOSITORY)])}
    return _mypy_reports(_call(project, command, environment=environment))


def _dbos_gen_check(project: Project, program: Callable[[str], str]) -> list[Report]:
    del program
    command = [str(PYTHON), "-m", "dbos_gen", "check", "--format", "json", "."]
    answer = json.loads(_call(project, command))
    findings: list[dict[str, Any]] = answer["findings"] if isinstance(answer, dict) else answer
    return [
        Report(path=str(each.get("path") or each.get("file")), line=each["line"], code=each["code"], text=each["text"])
        for each in findings
    ]


PLUGIN = Checker(name="mypy + plugin", run=_mypy(plugin=True))
MYPY = Checker(name="mypy", run=_mypy(plugin=False))
PYRIGHT = Checker(name="pyright", run=_pyright_family("pyright"), needs="pyright")
BASEDPYRIGHT = Checker(name="basedpyright", run=_pyright_family("basedpyright"), needs="basedpyright")
TY = Checker(name="ty", run=_ty, needs="ty")
PYREFLY = Checker(name="pyrefly", run=_pyrefly, needs="pyrefly")
ZUBAN = Checker(name="zuban", run=_zuban, needs="zuban")
RULES = Checker(name="dbos-gen check", run=_dbos_gen_check)

ALL = (PLUGIN, MYPY, PYRIGHT, BASEDPYRIGHT, TY, PYREFLY, ZUBAN, RULES)
