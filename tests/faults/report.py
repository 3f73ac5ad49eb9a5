"""Verdicts as people read them."""

from collections.abc import Iterator, Sequence

from tests.faults.judges import JUDGES
from tests.faults.trial import Verdict

HEAD = ("fault", "seconds", "runs", *JUDGES, "recovered in")
WIDTHS = (24, 9, 7, *(max(len(name), 6) + 2 for name in JUDGES), 16)
SHOWN_FINDINGS = 4


def head() -> str:
    """The names of the columns."""
    return _line(HEAD)


def row(verdict: Verdict) -> str:
    """One trial's row."""
    seconds = f"{verdict.seconds:g}"
    if verdict.skipped is not None:
        return f"{_line((verdict.fault.name, seconds))}  skipped: {verdict.skipped}"
    counts = [str(len(verdict.findings.get(name, ()))) for name in JUDGES]
    recovered = "not at all" if verdict.recovered_in is None else f"{verdict.recovered_in:.1f} s"
    mark = " late" if verdict.is_late and verdict.recovered_in is not None else ""
    return _line((verdict.fault.name, seconds, str(verdict.runs), *counts, f"{recovered}{mark}"))


def findings(verdict: Verdict) -> Iterator[str]:
    """The first findings of each judge, and what a recovery that took too long waited for."""
    late = verdict.held_up_by if verdict.is_late and verdict.skipped is None else ()
    for name, found in {**verdict.findings, "late": late}.items():
        for finding in found[:SHOWN_FINDINGS]:
            yield f"    {name}: {finding}"
        if len(found) > SHOWN_FINDINGS:
            yield f"    {name}: and {len(found) - SHOWN_FINDINGS} more"


def _line(cells: Sequence[str]) -> str:
    first, *others = (
        cell.ljust(width) if number == 0 else cell.rjust(width)
        for number, (cell, width) in enumerate(zip(cells, WIDTHS, strict=False))
    )
    return "".join((first, *others)).rstrip()
