"""Small programs for tests of the rules: lines that end with `# E: code` are to be reported, and no others."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from dbos_gen.check.checker import Checker
from dbos_gen.check.selection import modules_below
from dbos_gen.program.program import Program
from dbos_gen.sources.project import Project
from dbos_gen.sources.rule_options import RuleOptions
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.findings import Finding

ABOUT_BEHAVIOUR = frozenset(
    {"dbos-workflow", "dbos-async", "dbos-context", "dbos-deterministic", "dbos-deterministic-log"}
)
"""The rules that are about what calls what."""

_MARK = re.compile(r"# E: ?(?P<codes>[a-z-]+(?:, ?[a-z-]+)*)")


def write(folder: Path, files: Mapping[str, str] | str) -> list[str]:
    """Write modules below a folder (a single text is `app.py`); return their names."""
    for path, text in ({"app.py": files} if isinstance(files, str) else files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(textwrap.dedent(text), encoding="utf-8")
    return [name for name, _ in modules_below(folder)]


def findings(
    folder: Path,
    files: Mapping[str, str] | str,
    *,
    options: RuleOptions | None = None,
    is_whole: bool = True,
    modules: Iterable[str] | None = None,
) -> list[Finding]:
    """Return what the rules find in a program; `is_whole` says that the rules may look at all of its modules."""
    names = write(folder, files)
    project = Project(folder, base=folder, diagnostics=Diagnostics())
    program = Program(project, options=options, modules=(lambda: names) if is_whole else None)
    checker = Checker(program)
    return [finding for name in (names if modules is None else modules) for finding in checker.check(name)]


def expected(files: Mapping[str, str] | str) -> set[tuple[str, int, str]]:
    """Return path, line and code of what the marks of a program say."""
    found: set[tuple[str, int, str]] = set()
    for path, text in ({"app.py": files} if isinstance(files, str) else files).items():
        for number, line in enumerate(textwrap.dedent(text).splitlines(), start=1):
            marked = _MARK.search(line)
            if marked is not None:
                found.update((path, number, code.strip()) for code in marked["codes"].split(","))
    return found


def assert_found(
    folder: Path, files: Mapping[str, str] | str, *, options: RuleOptions | None = None, is_whole: bool = True
) -> list[Finding]:
    """Check that the rules about behaviour report exactly the marked lines, each with its code; return the findings."""
    found = findings(folder, files, options=options, is_whole=is_whole)
    found = [finding for finding in found if finding.code in ABOUT_BEHAVIOUR]
    said = {(finding.path, finding.line, finding.code): finding.text for finding in found}
    assert said.keys() == expected(files), (said.keys() ^ expected(files), said)
    return found
