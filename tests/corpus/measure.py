"""How many planted mistakes each checker finds, and what it reports that is none.

python -m tests.corpus.measure [--checker NAME]… [--case NAME]… [--group NAME]… [--also FOLDER]… [--work FOLDER] [-v]
"""

# ruff: noqa: T201  # prints its results

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.corpus.checkers import ALL, PLUGIN, RULES, Checker, CheckerFailedError, Report
from tests.corpus.planted import INFERRED, TYPE, CaseFile, Mistake, Project, build, case_files

SAID_BY_ANNOTATIONS = (TYPE, "dbos-workflow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a checker made of a set of cases."""

    planted: tuple[tuple[str, Mistake], ...]
    """With the group of each."""
    missed: tuple[Mistake, ...]
    false: tuple[Report, ...]
    other_code: tuple[tuple[Mistake, str], ...]
    """Found by a rule other than the expected one, with the codes that were given."""
    other_line: tuple[tuple[Mistake, int], ...]
    """Found on another line of the statement than the marked one."""
    seconds: float = 0.0

    @property
    def caught(self) -> int:
        """How many mistakes were found."""
        return len(self.planted) - len(self.missed)

    def of_annotations(self) -> Score:
        """The same for those mistakes that annotations can say: wrong types, and what is no workflow."""
        planted = tuple((group, each) for group, each in self.planted if each.code in SAID_BY_ANNOTATIONS)
        return replace(
            self, planted=planted, missed=tuple(each for each in self.missed if each.code in SAID_BY_ANNOTATIONS)
        )

    def by_group(self) -> dict[str, tuple[int, int]]:
        """Caught and planted, by group."""
        planted = Counter(group for group, _ in self.planted)
        missed = set(self.missed)
        lost = Counter(group for group, mistake in self.planted if mistake in missed)
        return {group: (count - lost[group], count) for group, count in sorted(planted.items())}


def judge(files: Iterable[CaseFile], reports: Iterable[Report], *, rules_only: bool = False) -> Score:
    """Compare reports with marks; with `rules_only` mistakes that only types can say need not be found."""
    planted: list[tuple[str, Mistake]] = []
    places: dict[tuple[str, int], list[Mistake]] = {}
    known: set[str] = set()
    for file in files:
        known.add(file.path)
        for mistake in file.mistakes:
            if mistake.is_expected:
                planted.append((file.group, mistake))
            for line in range(mistake.first, mistake.last + 1):
                places.setdefault((file.path, line), []).append(mistake)
    codes: dict[Mistake, set[str]] = {}
    lines: dict[Mistake, set[int]] = {}
    false: list[Report] = []
    for report in sorted(set(reports)):
        marked = places.get((report.path, report.line), [])
        exact = [mistake for mistake in marked if mistake.line == report.line] or marked
        for mistake in exact:
            codes.setdefault(mistake, set()).add(report.code)
            lines.setdefault(mistake, set()).add(report.line)
        if not exact:
            false.append(report)
    expected = [(group, each) for group, each in planted if not rules_only or each.code not in {TYPE, INFERRED}]
    return Score(
        planted=tuple(expected),
        missed=tuple(mistake for _, mistake in expected if mistake not in codes),
        false=tuple(false),
        other_code=tuple(
            (mistake, ", ".join(sorted(codes[mistake])))
            for _, mistake in expected
            if mistake in codes and mistake.code.startswith("dbos-") and mistake.code not in codes[mistake]
        ),
        other_line=tuple(
            (mistake, min(lines[mistake]))
            for _, mistake in expected
            if mistake in lines and mistake.line not in lines[mistake]
        ),
    )


def measure(checker: Checker, projects: Sequence[Project], folders: Sequence[Path] = ()) -> Score:
    """Run a checker over projects. CheckerFailedError: it is not installed, or fails."""

    def program(name: str) -> str:
        found = checker.find(folders)
        if found is None:
            raise CheckerFailedError(f"{name} is not installed")
        return found

    begun = time.perf_counter()
    files = [file for project in projects for file in project.files]
    reports = [report for project in projects for report in checker.run(project, program)]
    score = judge(files, reports, rules_only=checker is RULES)
    return replace(score, seconds=time.perf_counter() - begun)


def table(scores: dict[str, Score]) -> str:
    """Caught of planted by group and checker, in Markdown."""
    groups = sorted({group for score in scores.values() for group, _ in score.planted})
    rows = [["", *scores], ["---", *("--:" for _ in scores)]]
    for group in groups:
        counts = [score.by_group().get(group) for score in scores.values()]
        rows.append([group.replace("_", " "), *("" if each is None else f"{each[0]}/{each[1]}" for each in counts)])
    rows.append(["**all**", *(f"**{score.caught}/{len(score.planted)}**" for score in scores.values())])
    rows.append(["", *(f"{score.caught / max(1, len(score.planted)):.1%}" for score in scores.values())])
    annotated = [score.of_annotations() for score in scores.values()]
    rows.append(["what annotations can say", *(f"{each.caught}/{len(each.planted)}" for each in annotated)])
    rows.append(["false positives", *(str(len(score.false)) for score in scores.values())])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    )


def _print_details(checker: Checker, score: Score, files: Sequence[CaseFile]) -> None:
    lines = {file.path: file.text.splitlines() for file in files}
    print(f"\n== {checker.name}: {score.caught}/{len(score.planted)}, {len(score.false)} false, {score.seconds:.1f} s")
    for mistake in score.missed:
        print(f"  missed {mistake.path}:{mistake.line}: {lines[mistake.path][mistake.line - 1].strip()}")
    for report in score.false:
        print(f"  false  {report.path}:{report.line}: {report.text} [{report.code}]")
    for mistake, given in score.other_code if checker in {PLUGIN, RULES} else ():
        print(f"  code   {mistake.path}:{mistake.line}: {mistake.code} expected, {given} given")
    for mistake, line in score.other_line:
        print(f"  line   {mistake.path}:{mistake.line}: reported on line {line}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure checkers on the corpus of planted mistakes.")
    names = [checker.name for checker in ALL]
    parser.add_argument("--checker", action="append", choices=names, help="which checker; default: all installed")
    parser.add_argument("--case", action="append", help="only cases of this name")
    parser.add_argument("--group", action="append", help="only cases of this group")
    parser.add_argument("--also", action="append", type=Path, default=[], help="a folder with more programs")
    parser.add_argument("--work", type=Path, help="where to lay out the projects; kept for warm runs")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was missed and what was wrong")
    chosen = parser.parse_args()
    files = tuple(
        file
        for file in case_files()
        if (not chosen.case or file.name in chosen.case) and (not chosen.group or file.group in chosen.group)
    )
    work: Path = chosen.work or Path(tempfile.mkdtemp(prefix="corpus-"))
    projects = build(work.resolve(), files)
    scores: dict[str, Score] = {}
    for checker in ALL:
        if chosen.checker and checker.name not in chosen.checker:
            continue
        try:
            scores[checker.name] = measure(checker, projects, chosen.also)
        except CheckerFailedError as failure:
            print(f"{checker.name}: {failure}", file=sys.stderr)
            continue
        if chosen.verbose:
            _print_details(checker, scores[checker.name], files)
    if scores:
        print(f"\n{len({(file.group, file.name) for file in files})} cases\n\n{table(scores)}")


if __name__ == "__main__":
    main()
