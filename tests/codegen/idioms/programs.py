"""Small programs, each of which reaches a recorded call in one way, and changes of them.

A program is a file below `cases/`, or a folder of modules of which `workflows.py` says what is run. Comments at the
beginning of a line say what the tests need:

    # run: flow(3)                       an expression that runs a workflow, which ends with a result
    # run: await flow(3)                 the same for a coroutine function
    # run: flow(0) raises ValueError     the workflow ends with this error
    # unknown: because ...               a contract may say here that it does not know what is called
    # never: refund                      a call of the contract that no run makes
    # decides: how often pay is called   what the changed function gives decides on other calls, so its text counts

Two comments in the code are changes, each of which makes the calls of some run others:

    # + audit()                          this line is added
    step = pay  # => step = refund       this line is replaced
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

CASES = Path(__file__).parent / "cases"
MAIN = "workflows"

_DIRECTIVE = re.compile(r"^# (run|unknown|never|decides): (.+)$", re.MULTILINE)
_RUN = re.compile(r"(?P<expression>.+?)(?: raises (?P<error>\w+))?")
_ADDED = re.compile(r"(?P<indent> *)# \+ (?P<text>.+)")
_REPLACED = re.compile(r"(?P<indent> *)(?P<before>\S.*?)  # => (?P<text>.+)")
_AUDIT = re.compile(r"(?:await )?audit\(\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An expression that runs a workflow; `error` is the name of the class with which it ends, empty for a result."""

    expression: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A line of a file that becomes another one."""

    file: str
    index: int
    line: str

    @property
    def quiet(self) -> Edit | None:
        """The same with a call that nothing records, where the edit adds one that is recorded."""
        line = _AUDIT.sub("print()", self.line)
        return replace(self, line=line) if line.strip() == "print()" else None

    def __str__(self) -> str:
        """Return where the edit is, and what it makes of the line."""
        return f"{self.file}:{self.index + 1}: {self.line.strip()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The modules of a package by name, and how its workflows are run."""

    name: str
    modules: Mapping[str, str]
    runs: tuple[Run, ...]
    unknown: str = ""
    never: frozenset[str] = frozenset()
    decides: str = ""

    def edits(self) -> Iterator[Edit]:
        """Yield the changes that the comments in the code ask for."""
        for module, text in self.modules.items():
            for index, line in enumerate(text.splitlines()):
                found = _ADDED.fullmatch(line) or _REPLACED.fullmatch(line)
                if found is not None:
                    yield Edit(file=module, index=index, line=found["indent"] + found["text"])

    def edited(self, edit: Edit) -> Program:
        """Return the program after a change."""
        lines = self.modules[edit.file].splitlines()
        lines[edit.index] = edit.line
        return replace(self, modules={**self.modules, edit.file: "\n".join(lines) + "\n"})

    def write(self, folder: Path) -> None:
        """Write the package `shop` below a folder, with the settings of the generator."""
        (folder / "shop").mkdir(parents=True)
        (folder / "shop/__init__.py").touch()
        for module, text in self.modules.items():
            (folder / f"shop/{module}.py").write_text(text, encoding="utf-8")
        settings = '[tool.dbos-gen]\nmodules = ["shop.*"]\noutput = "shop.generated"\n'
        (folder / "pyproject.toml").write_text(settings, encoding="utf-8")


def program(name: str, modules: Mapping[str, str]) -> Program:
    """Return a program as its comments describe it."""
    directives: dict[str, list[str]] = {"run": [], "unknown": [], "never": [], "decides": []}
    for kind, value in _DIRECTIVE.findall(modules[MAIN]):
        directives[kind].append(value)
    runs = [found for value in directives["run"] if (found := _RUN.fullmatch(value)) is not None]
    return Program(
        name=name,
        modules=modules,
        runs=tuple(Run(expression=run["expression"], error=run["error"] or "") for run in runs),
        unknown=" ".join(directives["unknown"]),
        never=frozenset(directives["never"]),
        decides=" ".join(directives["decides"]),
    )


def cases() -> list[Program]:
    """Return the programs below `cases/` by name."""
    found: dict[str, dict[str, str]] = {}
    for path in CASES.iterdir():
        if path.suffix == ".py":
            found[path.stem] = {MAIN: path.read_text(encoding="utf-8")}
        elif (path / f"{MAIN}.py").is_file():
            found[path.name] = {file.stem: file.read_text(encoding="utf-8") for file in sorted(path.glob("*.py"))}
    return [program(name, modules) for name, modules in sorted(found.items())]
