"""An edit of an application, and what is known of it beforehand."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


class Outcome(enum.IntEnum):
    """What becomes of runs of the old code that the new code recovers, from the best to the worst."""

    SAME = 0
    """All of them do what the old code would have done."""
    RESULT = 1
    """They make the same calls, and give another result."""
    LONGER = 2
    """They make all calls of the old code, and others behind them."""
    SHORTER = 3
    """They end before they have made all calls of the old code."""
    NEW_WAY = 4
    """They make the calls that a new run makes, where the old code would have made others."""
    MIXED = 5
    """They make calls that neither code makes in a run of its own."""
    EFFECT = 6
    """They do something outside more or less often than either code does in a run of its own."""
    FAILS = 7
    """They end with an error that neither code has, or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A run of an application.

    `arguments` and the values of `messages` are expressions in the module `flows`, in which `{id}` is the run's id;
    `replies` are what the services answer, by patterns of paths.
    """

    name: str
    workflow: str
    arguments: str
    messages: tuple[tuple[str, str], ...] = ()
    replies: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of one application.

    `changes` are (file, before, after); a file is created when `before` is empty. `expects` is the worst that happens
    to a run under way. `is_intended`: whether runs under way may make the new calls, because the edit adds them behind
    the recorded ones, takes the last away, or guards them. `result_counts`: whether another result is another way.
    `may_differ`: whether runs with other inputs than those of the scenarios would not be the same.
    """

    name: str
    changes: tuple[tuple[str, str, str], ...]
    expects: Outcome = Outcome.SAME
    is_intended: bool = False
    result_counts: bool = False
    may_differ: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A package below `cases`, how it is run, and its edits."""

    name: str
    scenarios: tuple[Scenario, ...]
    edits: tuple[Edit, ...]

    def sources(self) -> dict[str, str]:
        """Return the text of each file, by its path."""
        return dict(_sources(self.name))

    def edited(self, edit: Edit) -> dict[str, str]:
        """Return the text of each file after an edit."""
        sources = self.sources()
        for file, before, after in edit.changes:
            path = f"{self.name}/{file}"
            if before:
                count = sources[path].count(before)
                assert count, f"{edit.name}: {file} has no {before!r}"
                sources[path] = sources[path].replace(before, after)
            else:
                assert path not in sources, f"{edit.name}: {file} exists"
                sources[path] = after
        return sources


@cache
def _sources(name: str) -> dict[str, str]:
    folder = CASES / name
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def edit(
    name: str,
    *changes: tuple[str, str, str],
    expects: Outcome = Outcome.SAME,
    is_intended: bool = False,
    result_counts: bool = False,
    may_differ: bool = False,
) -> Edit:
    return Edit(
        name=name,
        changes=changes,
        expects=expects,
        is_intended=is_intended,
        result_counts=result_counts,
        may_differ=may_differ,
    )
