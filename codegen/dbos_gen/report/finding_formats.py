"""Findings as text for people and for the programs that show them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from dbos_gen.explanations import title_of
from dbos_gen.report.diagnostic_formats import escaped_data, escaped_property, sarif_log
from dbos_gen.vocabulary.findings import Finding


def as_text(findings: Iterable[Finding]) -> str:
    """Return a line for each finding and for each of its notes."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.path}:{finding.line}:{finding.column + 1}: {finding.code}: {_message(finding)}\n")
        lines.extend(f"{note.path}:{note.line}: note: {note.text}\n" for note in finding.notes)
    return "".join(lines)


def as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return the findings as JSON values."""
    return [
        {
            "file": finding.path,
            "line": finding.line,
            "column": finding.column + 1,
            "code": finding.code,
            "text": finding.text,
            "hint": finding.hint,
            "notes": [{"file": note.path, "line": note.line, "text": note.text} for note in finding.notes],
        }
        for finding in findings
    ]


def as_github(findings: Iterable[Finding]) -> str:
    """Return workflow commands that GitHub shows beside the changed lines."""
    return "".join(
        f"::error file={escaped_property(finding.path)},line={finding.line},col={finding.column + 1},"
        f"title={finding.code}::{escaped_data(_message(finding))}\n"
        for finding in findings
    )


def as_sarif(findings: Iterable[Finding]) -> str:
    """Return a SARIF 2.1.0 log, which code hosts and editors read."""
    found = list(findings)
    codes = sorted({finding.code for finding in found})
    results: list[dict[str, object]] = [
        {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": "error",
            "message": {"text": _message(finding)},
            "locations": [_location(finding.path, finding.line, finding.column + 1)],
            "relatedLocations": [
                {**_location(note.path, note.line), "message": {"text": note.text}} for note in finding.notes
            ],
        }
        for finding in found
    ]
    return sarif_log({code: title_of(code) for code in codes}, results)


def _message(finding: Finding) -> str:
    return f"{finding.text}; {finding.hint}" if finding.hint else finding.text


def _location(path: str, line: int, column: int | None = None) -> dict[str, object]:
    region = {"startLine": line} if column is None else {"startLine": line, "startColumn": column}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
