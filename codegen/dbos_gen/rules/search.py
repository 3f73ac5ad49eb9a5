"""The rules over one module at a time, wherever it is, with everything that its findings depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from dbos_gen.cache import Files
from dbos_gen.config import Config
from dbos_gen.roots import EVERYTHING, Roots
from dbos_gen.rules.findings import Finding, Note, Rule
from dbos_gen.rules.selection import modules_below

if TYPE_CHECKING:
    from dbos_gen.rules.checker import Checker
    from dbos_gen.rules.program import Program
    from dbos_gen.scan.source import Project

_FOLDER = "folder"
_UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was found in one module.

    ``roots`` are the folders in which modules were looked for, ``depends`` the names that were asked for with what
    they stood for: the digest of a module, "folder" for a package without a file, "" where there is nothing.
    """

    module: str
    path: str
    roots: tuple[str, ...]
    depends: Mapping[str, str]
    findings: tuple[Finding, ...]


class Search:
    """Checks modules, and tells whether what was found before still holds.

    ``base`` is the folder that paths in messages are relative to. Nothing of the rules is imported until a module has
    to be checked, because finding everything as it was should take no longer than looking.
    """

    def __init__(self, base: str, config: Config, files: Files) -> None:
        self._base = base
        self._config = config
        self._files = files
        self._roots: dict[tuple[str, ...], Roots] = {}
        self._states: dict[tuple[str, ...], str] = {}
        self._made: dict[tuple[str, ...], tuple[Project, Program, Checker]] = {}

    def check(self, module: str, path: str, roots: tuple[str, ...]) -> Entry:
        """Return what the rules find in a module that is in the file ``path``, an absolute path."""
        project, _, checker = self._collaborators(roots)
        project.place(module, Path(path))
        with project.asking() as asked:
            findings = checker.check(module)
        depends = {name: self._state_of(name, project, roots) for name in sorted({*asked, module})}
        return Entry(module=module, path=path, roots=roots, depends=depends, findings=findings)

    def holds(self, entry: Entry) -> bool:
        """Whether everything that the findings depend on is as it was."""
        roots = self._roots_of(entry.roots)
        roots.place(entry.module, entry.path)
        return all(self._state(name, roots) == state for name, state in entry.depends.items())

    def is_workflow(self, module: str, path: str, qualname: str, roots: tuple[str, ...]) -> bool:
        """Whether a function is decorated as a workflow, whatever is above that decorator."""
        project, program, _ = self._collaborators(roots)
        project.place(module, Path(path))
        source = project.load(module)
        return source is not None and any(
            function.qualname == qualname and kind.value == "workflow" for function, kind in program.recorded(source)
        )

    def is_silenced(self, module: str, path: str, place: tuple[int, str], roots: tuple[str, ...]) -> bool:
        """Whether a comment of ours silences a code on a line, which are the `place`."""
        project, program, _ = self._collaborators(roots)
        project.place(module, Path(path))
        source = project.load(module)
        line, code = place
        return source is not None and program.is_silenced(source, line, Rule(code))

    def _state_of(self, name: str, project: Project, roots: tuple[str, ...]) -> str:
        return self._whole(roots) if name == EVERYTHING else project.state(name, self._files)

    def _state(self, name: str, roots: Roots) -> str:
        if name == EVERYTHING:
            return self._whole(roots.folders)
        file = roots.file(name)
        if file is not None:
            return self._files.digest(file) or _UNREADABLE
        return _FOLDER if roots.exists(name) else ""

    def _whole(self, roots: tuple[str, ...]) -> str:
        """Return a digest of all modules below the roots."""
        if roots not in self._states:
            whole = hashlib.sha256()
            for root in roots:
                for name, file in modules_below(Path(root)):
                    whole.update(f"{name}={self._files.digest(file)}\n".encode("utf-8", "surrogatepass"))
            self._states[roots] = whole.hexdigest()[:32]
        return self._states[roots]

    def _collaborators(self, roots: tuple[str, ...]) -> tuple[Project, Program, Checker]:
        if roots not in self._made:
            from dbos_gen.diagnostics import Diagnostics  # noqa: PLC0415  # start-up cost: see the class
            from dbos_gen.rules.checker import Checker  # noqa: PLC0415  # as above
            from dbos_gen.rules.program import Program  # noqa: PLC0415  # as above
            from dbos_gen.scan.source import Project  # noqa: PLC0415  # as above

            first, *others = map(Path, roots)
            # What does not parse is for the type checker to report, and comments of its own for it to apply.
            project = Project(first, base=Path(self._base), diagnostics=Diagnostics(), others=others)
            program = Program(
                project,
                runtime=self._config.runtime,
                options=self._config.rules,
                type_ignores=False,
                modules=lambda: _names_below(roots),
            )
            self._made[roots] = (project, program, Checker(program))
        return self._made[roots]

    def _roots_of(self, folders: tuple[str, ...]) -> Roots:
        if folders not in self._roots:
            self._roots[folders] = Roots(folders)
        return self._roots[folders]


def _names_below(roots: Iterable[str]) -> list[str]:
    return [name for root in roots for name, _ in modules_below(Path(root))]


def finding_as_json(finding: Finding) -> list[object]:
    """Return a finding as JSON data."""
    notes = [[note.path, note.line, note.text] for note in finding.notes]
    return [finding.path, finding.line, finding.column, finding.code, finding.text, finding.hint, notes]


def entry_as_json(entry: Entry) -> list[object]:
    """Return an entry as JSON data."""
    found = [finding_as_json(finding) for finding in entry.findings]
    return [entry.module, entry.path, list(entry.roots), dict(entry.depends), found]


_Notes: TypeAlias = list[tuple[str, int, str]]
_Findings: TypeAlias = list[tuple[str, int, int, str, str, str, _Notes]]


def entry_from_json(data: list[object]) -> Entry:
    """Return the entry that `entry_as_json` was given; ValueError or TypeError for other data."""
    module, path, roots, depends, findings = data
    return Entry(
        module=str(module),
        path=str(path),
        roots=tuple(cast("list[str]", roots)),
        depends=cast("dict[str, str]", depends),
        findings=tuple(
            Finding(
                path=shown,
                line=line,
                column=column,
                code=code,
                text=text,
                hint=hint,
                notes=tuple(Note(path=where, line=at, text=said) for where, at, said in notes),
            )
            for shown, line, column, code, text, hint, notes in cast("_Findings", findings)
        ),
    )
