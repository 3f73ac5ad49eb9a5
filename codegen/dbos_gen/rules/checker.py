"""All rules over one module at a time; the findings are the same whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dbos_gen.rules.findings import Finding
from dbos_gen.rules.program import Program
from dbos_gen.scan.source import Source

RuleCheck = Callable[[Program, Source], Iterable[Finding]]
"""A rule: yields what it finds in one module, looking into others as it needs."""

RULES: tuple[RuleCheck, ...] = ()


class Checker:
    """Applies the rules."""

    def __init__(self, program: Program, rules: tuple[RuleCheck, ...] = RULES) -> None:
        self._program = program
        self._rules = rules

    def check(self, module: str) -> tuple[Finding, ...]:
        """Return the findings of one module, sorted, each once; none for a module that cannot be read or parsed."""
        source = self._program.project.load(module)
        if source is None:
            return ()
        found = {finding for rule in self._rules for finding in rule(self._program, source)}
        return tuple(sorted(found))
