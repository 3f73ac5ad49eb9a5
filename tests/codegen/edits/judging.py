"""What became of runs under way, told from what stands in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.codegen.edits.edit import Outcome
from tests.codegen.edits.observing import Tree
from tests.codegen.edits.processes import Recorded, Recovered


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run was killed, by its scenario and the number of its commits, and what became of it."""

    tree: str
    outcome: Outcome
    reason: str

    def __str__(self) -> str:
        return f"{self.tree}: {self.outcome.name}: {self.reason}"


def places(recorded: Recorded, recovered: Recovered) -> Iterator[Place]:
    """Yield each place with its outcome."""
    for tree, found in sorted(recovered.trees.items()):
        scenario = tree.partition("@")[0]
        outcome, reason = _judged(found, recorded.whole[scenario], recovered.fresh.get(scenario))
        yield Place(tree=tree, outcome=outcome, reason=reason)


def _judged(found: Tree, old: Tree, new: Tree | None) -> tuple[Outcome, str]:
    if found.unfinished:
        return Outcome.FAILS, "; ".join(found.unfinished)
    known = [tree for tree in (old, new) if tree is not None]
    error = _new_error(found, known)
    if error:
        return Outcome.FAILS, error
    effect = _other_effect(found, known)
    if effect:
        return Outcome.EFFECT, effect
    return _way(found, old, new)


def _new_error(found: Tree, known: list[Tree]) -> str:
    errors = {run.outcome for tree in known for run in tree.runs.values() if run.status == "ERROR"}
    for name, run in found.runs.items():
        if run.status != "SUCCESS" and run.outcome not in errors:
            return f"{run.name} ({name}) ends as {run.status} with {run.outcome}"
    return ""


def _other_effect(found: Tree, known: list[Tree]) -> str:
    for path in sorted({path for tree in (found, *known) for path in tree.effects}):
        counts = [tree.effects.get(path, 0) for tree in known]
        count = found.effects.get(path, 0)
        if not min(counts) <= count <= max(counts):
            return f"{path} is done {count} times, and by either code {sorted(set(counts))} times"
    return ""


def _way(found: Tree, old: Tree, new: Tree | None) -> tuple[Outcome, str]:
    mine, theirs = _histories(found), _histories(old)
    if mine == theirs:
        if found.root.outcome == old.root.outcome:
            return Outcome.SAME, ""
        return Outcome.RESULT, f"{found.root.outcome} instead of {old.root.outcome}"
    reason = f"{mine} instead of {theirs}"
    if _continues(theirs, mine):
        return Outcome.LONGER, reason
    if _continues(mine, theirs):
        return Outcome.SHORTER, reason
    if new is not None and mine == _histories(new):
        return Outcome.NEW_WAY, reason
    return Outcome.MIXED, reason


_Histories = Mapping[str, tuple[tuple[str, str], ...]]


def _histories(tree: Tree) -> _Histories:
    return {name: run.history for name, run in tree.runs.items()}


def _continues(short: _Histories, long: _Histories) -> bool:
    return all(long.get(name, ())[: len(history)] == history for name, history in short.items()) and short.keys() <= (
        long.keys()
    )
