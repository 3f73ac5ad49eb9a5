"""All rules over one module at a time; the findings are the same whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dbos_gen.program.program import Program
from dbos_gen.rules import asynchrony, context, determinism, enqueue, events, serializable, stale, workflows
from dbos_gen.sources.project import Source
from dbos_gen.vocabulary.findings import Finding, KnownType, Rule

RuleCheck = Callable[[Program, Source], Iterable[Finding]]
"""A rule: yields what it finds in one module, looking into others as it needs."""

RULES: tuple[RuleCheck, ...] = (
    workflows.check,
    asynchrony.check,
    context.check,
    determinism.check,
    events.check,
    enqueue.check,
    serializable.check,
    stale.check,
)


class Checker:
    """Applies the rules."""

    def __init__(self, program: Program, rules: tuple[RuleCheck, ...] = RULES) -> None:
        self._program = program
        self._rules = rules

    def check(self, module: str) -> tuple[Finding, ...]:
        """Return the findings of one module, sorted, one for each line and code.

        None for a module that cannot be read or parsed, and none that is silenced or switched off.
        """
        source = self._program.project.load(module)
        if source is None or not self._program.relevance.is_concerned(source):
            return ()
        found = sorted({finding for rule in self._rules for finding in self._apply(rule, source)})
        first: dict[tuple[int, str], Finding] = {}
        for finding in found:
            first.setdefault((finding.line, finding.code), finding)
        return tuple(finding for finding in first.values() if self._is_heard(finding, source))

    def known_types(self, module: str) -> tuple[KnownType, ...]:
        """Return what is known of calls that are typed ``Any``; none for a module that cannot be read or parsed."""
        source = self._program.project.load(module)
        if source is None or not self._program.relevance.is_concerned(source):
            return ()
        return (*events.known_types(self._program, source), *enqueue.known_types(self._program, source))

    def _apply(self, rule: RuleCheck, source: Source) -> set[Finding]:
        found: set[Finding] = set()
        try:
            found.update(rule(self._program, source))
        except RecursionError:
            # Expressions nested deeper than Python's stack: what was found before stands.
            return found
        return found

    def _is_heard(self, finding: Finding, source: Source) -> bool:
        if not self._program.options.is_enabled(finding.code, source.name):
            return False
        return not self._program.is_silenced(source, finding.line, Rule(finding.code))
