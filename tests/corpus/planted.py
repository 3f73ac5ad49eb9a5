"""The cases of the corpus, and a project made of them.

A case is a file `cases/<group>/<name>.py` or a folder `cases/<group>/<name>/`. A line on which a mistake was planted
ends with `# E: <code>`, where the code is that of the rule which should report it, `type` for what annotations can
say, or `inferred` for types that the plugin alone infers. Every other line is right and must not be reported; on one
that ends with `# E?: <code>`, a consequence of a mistake elsewhere, a report is neither expected nor wrong.
"""

from __future__ import annotations

import ast
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from dbos_gen.vocabulary.diagnostics import Level

CASES = Path(__file__).parent / "cases"
REPOSITORY = Path(__file__).parents[2]

GENERATED = "gen_"
"""Cases whose name begins so use what dbos-gen wrote of their modules."""
TYPE = "type"
INFERRED = "inferred"

_MARK = re.compile(r"# E(?P<open>\??): (?P<code>[\w-]+)$")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """A planted mistake: a report on any line from `first` to `last` finds it. `line` is where its mark stands."""

    path: str
    line: int
    code: str
    first: int
    last: int
    is_expected: bool = True


@dataclass(frozen=True)
class CaseFile:
    """One file of a case; `path` is where it stands in the project, relative and with forward slashes."""

    group: str
    source: Path
    path: str

    @cached_property
    def text(self) -> str:
        """The source."""
        return self.source.read_text(encoding="utf-8")

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What was planted, by line."""
        lines = self.text.splitlines()
        marked = {number: mark for number, line in enumerate(lines, 1) if (mark := _MARK.search(line))}
        spans = _spans(ast.parse(self.text)) if marked else {}
        found: list[Mistake] = []
        for number, mark in marked.items():
            first, last = spans.get(number, (number, number))
            is_expected = not mark["open"]
            found.append(
                Mistake(path=self.path, line=number, code=mark["code"], first=first, last=last, is_expected=is_expected)
            )
        return tuple(found)

    @property
    def name(self) -> str:
        """The case's name."""
        return self.source.relative_to(CASES).parts[1].removesuffix(".py")

    @property
    def uses_generated(self) -> bool:
        """Whether the case stands in the project with generated code."""
        return self.name.startswith(GENERATED)


def case_files() -> tuple[CaseFile, ...]:
    """Every file of every case."""
    found: list[CaseFile] = []
    for source in sorted(CASES.rglob("*.py")):
        group, *rest = source.relative_to(CASES).parts
        # A folder is a package of its own name; a single file is a module of the group.
        path = "/".join(rest if len(rest) > 1 else (group, *rest))
        found.append(CaseFile(group=group, source=source, path=path))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Cases laid out as an application: its folder, and its files."""

    root: Path
    files: tuple[CaseFile, ...]

    @property
    def paths(self) -> list[str]:
        """What checkers are to check, relative to the root."""
        return [file.path for file in self.files]


def build(root: Path, files: tuple[CaseFile, ...]) -> tuple[Project, ...]:
    """Write the projects below `root`: one without generated code, one with it."""
    projects: list[Project] = []
    for name, generated in (("plain", False), ("generated", True)):
        chosen = tuple(file for file in files if file.uses_generated is generated)
        if chosen:
            project = Project(root=root / name, files=chosen)
            _write(project, generates=generated)
            projects.append(project)
    return tuple(projects)


def _write(project: Project, *, generates: bool) -> None:
    kept = {project.root / path for path in project.paths}
    for stale in project.root.rglob("*.py") if project.root.is_dir() else ():
        if stale not in kept and "generated" not in stale.relative_to(project.root).parts:
            stale.unlink()
    for file in project.files:
        target = project.root / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_text(encoding="utf-8") != file.text:
            shutil.copyfile(file.source, target)
    settings = '[project]\nname = "corpus"\nversion = "1"\n'
    if generates:
        folders = sorted({file.name for file in project.files})
        modules = [f"{folder}.*" for folder in folders]
        settings += f'\n[tool.dbos-gen]\nmodules = {modules!r}\noutput = "generated"\n'
    settings += '\n[tool.dbos-gen.rules]\nenable = ["dbos-deterministic-log"]\n'
    (project.root / "pyproject.toml").write_text(settings, encoding="utf-8")
    if generates:
        result = pipeline.generate(load(project.root / "pyproject.toml"))
        problems = [each for each in result.diagnostics if each.level is Level.ERROR]
        if problems:
            raise ValueError("\n".join(map(str, problems)))


def _spans(tree: ast.Module) -> dict[int, tuple[int, int]]:
    """The lines of the innermost statement that each line belongs to; of one with a body, those before the body."""
    spans: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        last = node.end_lineno or node.lineno
        body: list[ast.stmt] = getattr(node, "body", None) or getattr(node, "cases", None) or []
        if body:
            start = body[0]
            inner: list[ast.expr] = getattr(start, "decorator_list", [])
            below = start.pattern.lineno if isinstance(start, ast.match_case) else start.lineno
            last = max(first, min([below, *(each.lineno for each in inner)]) - 1)
        for line in range(first, last + 1):
            known = spans.get(line)
            if known is None or last - first <= known[1] - known[0]:
                spans[line] = (first, last)
    return spans


def text_of(file: CaseFile, line: int) -> str:
    """A line of a case without its mark."""
    return _MARK.sub("", file.text.splitlines()[line - 1]).strip()
