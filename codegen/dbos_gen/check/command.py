"""The rules over a selection of modules: what ``dbos-gen check`` does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbos_gen.check.checker import Checker
from dbos_gen.check.selection import CheckedModules
from dbos_gen.program.program import Program
from dbos_gen.rules.stale import generated_modules
from dbos_gen.sources.config import Config
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostic, Diagnostics
from dbos_gen.vocabulary.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found in how many modules; ``diagnostics`` are about modules that cannot be read or parsed."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]
    module_count: int

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to say."""
        return not self.findings and not self.diagnostics


def check(
    config: Config, selection: CheckedModules, *, enable: Iterable[str] = (), disable: Iterable[str] = ()
) -> Checked:
    """Apply the rules to the selected modules; what they call is followed into other modules below the roots."""
    diagnostics = Diagnostics()
    first, *others = selection.roots
    project = Project(first, base=config.project, diagnostics=diagnostics, others=others)
    for name, file in selection.modules.items():
        if project.locate(name) != file:
            project.place(name, file)
    options = config.rules.with_codes(enable=enable, disable=disable)
    program = Program(project, runtime=config.runtime, options=options, modules=selection.all_modules)
    checker = Checker(program)
    names = dict.fromkeys((*selection.modules, *generated_modules(config)))
    findings = [finding for name in names for finding in checker.check(name)]
    return Checked(
        findings=tuple(sorted(findings)),
        diagnostics=diagnostics.sorted(),
        module_count=len(selection.modules),
    )
