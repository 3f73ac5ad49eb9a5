"""Diagnostics as text for people and for the programs that show them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

import dbos_gen
from dbos_gen.explanations import title_of
from dbos_gen.vocabulary.diagnostics import Diagnostic

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one line per problem."""
    return "".join(f"{diagnostic}\n" for diagnostic in diagnostics)


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    """Return the problems as JSON values."""
    return [
        {
            "file": diagnostic.file,
            "line": diagnostic.line,
            "code": diagnostic.code,
            "level": diagnostic.level.value,
            "text": diagnostic.text,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]


def as_json_text(value: object) -> str:
    """Return JSON for people and programs."""
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands that GitHub shows beside the changed lines."""
    lines: list[str] = []
    for diagnostic in diagnostics:
        message = f"{diagnostic.text}; {diagnostic.hint}" if diagnostic.hint else diagnostic.text
        lines.append(
            f"::{diagnostic.level.value} file={escaped_property(diagnostic.file)},line={max(diagnostic.line, 1)},"
            f"title={diagnostic.code}::{escaped_data(message)}\n"
        )
    return "".join(lines)


def escaped_data(text: str) -> str:
    """Return text as the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(text: str) -> str:
    """Return text as a property of a workflow command."""
    return escaped_data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(diagnostics: Iterable[Diagnostic]) -> str:
    """Return a SARIF 2.1.0 log, which code hosts and editors read."""
    found = list(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in found})
    results: list[dict[str, object]] = [
        {
            "ruleId": diagnostic.code,
            "ruleIndex": codes.index(diagnostic.code),
            "level": diagnostic.level.value,
            "message": {"text": f"{diagnostic.text}; {diagnostic.hint}" if diagnostic.hint else diagnostic.text},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(diagnostic.file), "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": max(diagnostic.line, 1)},
                    }
                }
            ],
        }
        for diagnostic in found
    ]
    return sarif_log({code: title_of(code) for code in codes}, results)


def sarif_log(titles: Mapping[str, str], results: Sequence[Mapping[str, object]]) -> str:
    """Return a SARIF 2.1.0 log of results; ``titles`` are those of the codes, in the order of their indices."""
    rules = [{"id": code, "shortDescription": {"text": title}} for code, title in titles.items()]
    driver = {"name": "dbos-gen", "version": dbos_gen.__version__, "rules": rules}
    return as_json_text(
        {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    )
