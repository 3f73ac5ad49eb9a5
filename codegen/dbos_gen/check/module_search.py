"""The rules over one module at a time, wherever it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dbos_gen.check.checker import Checker
from dbos_gen.check.module_findings import ModuleFindings, States
from dbos_gen.program.program import Program
from dbos_gen.python.values.functions import FunctionKind
from dbos_gen.rules.workflows import may_be_looked_up
from dbos_gen.sources.config import Config
from dbos_gen.sources.file_states import Files
from dbos_gen.sources.project import Project
from dbos_gen.sources.roots import EVERYTHING, Roots, without_implied
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.findings import Rule


class ModuleSearch:
    """Checks modules. ``base`` is the folder that paths in messages are relative to."""

    def __init__(self, base: str, config: Config, files: Files) -> None:
        self._base = base
        self._config = config
        self._files = files
        self._states = States(files)
        self._everything: dict[tuple[str, ...], str] = {}
        self._made: dict[tuple[str, ...], tuple[Project, Program, Checker]] = {}

    def check(self, module: str, path: str, roots: tuple[str, ...]) -> ModuleFindings:
        """Return what the rules find in a module that is in the file ``path``, an absolute path."""
        project, _, checker = self._collaborators(roots)
        project.place(module, Path(path))
        with project.asking() as asked:
            findings = checker.check(module)
            types = checker.known_types(module)
        depends = without_implied({name: self._state(name, project, roots) for name in {*asked, module}})
        return ModuleFindings(module=module, path=path, roots=roots, depends=depends, findings=findings, types=types)

    def is_workflow(self, module: str, path: str, qualname: str, roots: tuple[str, ...]) -> bool:
        """Whether a function is decorated as a workflow, whatever is above that decorator."""
        project, program, _ = self._collaborators(roots)
        project.place(module, Path(path))
        source = project.load(module)
        return source is not None and any(
            function.qualname == qualname and kind is FunctionKind.WORKFLOW
            for function, kind in program.recorded(source)
        )

    def may_be_looked_up(self, module: str, path: str, place: tuple[int, int], roots: tuple[str, ...]) -> bool:
        """Whether what stands at a line and column is looked up and may be a workflow."""
        project, program, _ = self._collaborators(roots)
        project.place(module, Path(path))
        source = project.load(module)
        line, column = place
        return source is not None and may_be_looked_up(program, source, line, column)

    def is_silenced(self, module: str, path: str, place: tuple[int, str], roots: tuple[str, ...]) -> bool:
        """Whether a comment of ours silences a code on a line, which are the `place`."""
        project, program, _ = self._collaborators(roots)
        project.place(module, Path(path))
        source = project.load(module)
        line, code = place
        return source is not None and program.is_silenced(source, line, Rule(code))

    def _state(self, name: str, project: Project, roots: tuple[str, ...]) -> str:
        if name != EVERYTHING:
            return project.state(name, self._files)
        if roots not in self._everything:
            self._everything[roots] = self._states.of(name, roots)
        return self._everything[roots]

    def _collaborators(self, roots: tuple[str, ...]) -> tuple[Project, Program, Checker]:
        if roots not in self._made:
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


def _names_below(roots: Iterable[str]) -> list[str]:
    return [name for name, _ in Roots(roots).all_modules() if name]
