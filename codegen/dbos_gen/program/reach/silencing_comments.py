"""Comments that silence a rule on a line: ``# dbos: ignore``, ``# dbos: ignore[code]``, ``# type: ignore[code]``."""

from __future__ import annotations

import re
import tokenize

from dbos_gen.python.values.functions import Function
from dbos_gen.sources.project import Project, Source
from dbos_gen.vocabulary.findings import Rule

_COMMENT = re.compile(r"#\s*(?P<whose>dbos|type)\s*:\s*ignore(?:\[(?P<codes>[^\]]*)\])?", re.IGNORECASE)

# A comment that accepts a clock accepts one that is only read for a log.
_SILENCING = {rule: frozenset({rule.value}) for rule in Rule}
_SILENCING[Rule.DETERMINISTIC_LOG] |= {Rule.DETERMINISTIC.value}


class Silencing:
    """Knows which rules are silent on which line. Files are read when there is something to silence.

    ``type_ignores`` says whether comments for type checkers count; a type checker that reports the findings itself
    applies those itself, and calls the ones that it did not need unused.
    """

    def __init__(self, project: Project, *, type_ignores: bool = True) -> None:
        self._project = project
        self._type_ignores = type_ignores
        self._lines: dict[str, list[str]] = {}

    def is_silent(self, source: Source, line: int, rule: Rule) -> bool:
        """Whether a rule is silenced on a line."""
        lines = self._text(source)
        if not 0 < line <= len(lines):
            return False
        for found in _COMMENT.finditer(lines[line - 1]):
            of_checker = found["whose"].lower() == "type"
            if of_checker and not self._type_ignores:
                continue
            codes = found["codes"]
            if codes is None:
                return True
            if not _SILENCING[rule].isdisjoint(code.strip() for code in codes.split(",")):
                return True
        return False

    def is_silenced_in(self, function: Function, line: int, rule: Rule) -> bool:
        """Whether a rule is silenced on a line of a function or where the statement of that line begins."""
        first = function.body.first_lines.get(line, line)
        return any(self.is_silent(function.source, each, rule) for each in {line, first})

    def _text(self, source: Source) -> list[str]:
        if source.name not in self._lines:
            self._lines[source.name] = self._read(source)
        return self._lines[source.name]

    def _read(self, source: Source) -> list[str]:
        file = self._project.locate(source.name)
        if file is None:
            return []
        try:
            with tokenize.open(file) as opened:
                return opened.read().split("\n")
        except (OSError, SyntaxError, UnicodeError, LookupError):
            return []
