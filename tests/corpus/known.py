"""What is known to be missed or wrongly reported, and why: `known.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.corpus.measure import Score
from tests.corpus.planted import CaseFile, text_of

FILE = Path(__file__).parent / "known.toml"

Kind = Literal["missed", "false"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Deviation:
    """A line of a case on which a checker is known, or found, to be wrong."""

    kind: Kind
    path: str
    line: str


def known_deviations(checker: str) -> set[Deviation]:
    """What is written down about a checker. ValueError: an entry gives no reason."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    kinds: tuple[Kind, ...] = ("missed", "false")
    found: set[Deviation] = set()
    for kind in kinds:
        for entry in document.get(kind, ()):
            if not entry["reason"].strip():
                raise ValueError(f"{FILE.name}: {entry['path']}: say why it is {kind}")
            if entry["checker"] == checker:
                found.add(Deviation(kind=kind, path=entry["path"], line=entry["line"]))
    return found


def deviations(score: Score, files: tuple[CaseFile, ...]) -> set[Deviation]:
    """What a checker missed and wrongly reported."""
    sources = {file.path: file for file in files}
    missed = {
        Deviation(kind="missed", path=each.path, line=text_of(sources[each.path], each.line)) for each in score.missed
    }
    wrong = {
        Deviation(kind="false", path=each.path, line=text_of(sources[each.path], each.line)) for each in score.false
    }
    return missed | wrong
