"""What must be true of a program and of a change of it, whichever idioms it is made of.

Every function returns what is wrong as text, one problem a line, so that a test shows all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from dbos_gen.contract.comparison.changes import Verdict, worst
from dbos_gen.vocabulary.contracts import Contract
from tests.codegen.idioms.automaton import Automaton, calls, unknowns
from tests.codegen.idioms.programs import Edit, Program
from tests.codegen.idioms.reading import CHILD, Rules, changes, contracts
from tests.codegen.idioms.running import History, Observed, Record, Runner

_UNMENTIONED = ("DBOS.getResult", "DBOS.patch-")


class Judged:
    """A program with what its runs recorded and what is said of it."""

    def __init__(self, program: Program, runner: Runner) -> None:
        self.program = program
        self._runner = runner
        self._edited: dict[Edit, Judged] = {}

    @cached_property
    def observed(self) -> Observed:
        """The runs of the program."""
        return self._runner.observe(self.program)

    @cached_property
    def contracts(self) -> Mapping[str, Contract]:
        """The contracts of those workflows that ran, by name."""
        ran = {history.workflow for history in self.observed.histories}
        return {name: found for name, found in contracts(self.observed.folder).workflows.items() if name in ran}

    def after(self, edit: Edit) -> Judged:
        """Return the program after a change."""
        if edit not in self._edited:
            self._edited[edit] = Judged(self.program.edited(edit), self._runner)
        return self._edited[edit]

    def impossible_histories(self) -> Iterator[str]:
        """Yield the histories that a contract does not allow."""
        for history in self.observed.histories:
            if history.workflow not in self.contracts:
                yield f"{history.workflow} has no contract"
                continue
            found = Automaton(self.contracts[history.workflow].calls).read(history)
            if not found.is_allowed:
                expected = " or ".join(found.expected) or "nothing"
                yield (
                    f"{history.workflow} in {history.run} recorded {list(history.names)}; "
                    f"after {found.length} of them the contract has {expected}"
                )

    def calls_that_never_happen(self) -> Iterator[str]:
        """Yield the calls of the contracts that no run made."""
        for name, contract in self.contracts.items():
            automaton = Automaton(contract.calls)
            read = [automaton.read(each) for each in self.observed.histories if each.workflow == name]
            if not all(found.is_allowed for found in read):
                # Which calls a history needs that the contract does not allow cannot be told.
                continue
            used = {place for found in read for place in found.used}
            for place, call in calls(contract.calls):
                if place not in used and call.name not in self.program.never:
                    yield f"{name} never makes the call of {call.name} at {'.'.join(map(str, place))}"

    def unknown_calls(self) -> Iterator[str]:
        """Yield what the contracts do not know, unless the program says that they need not."""
        for name, contract in self.contracts.items():
            if not self.program.unknown:
                yield from (f"{name} has an unknown: {text}" for text in unknowns(contract.calls))

    def wrong_rules(self) -> Iterator[str]:
        """Yield the workflows of which the rules see other recorded calls than were made."""
        rules = Rules(self.observed.folder)
        for name, contract in self.contracts.items():
            records = [each.records for each in self.observed.histories if each.workflow == name]
            made = {kind for found in records for record in found if (kind := self._kind(record))}
            seen = rules.kinds(contract)
            if made - seen and not self.program.unknown:
                yield f"the rules do not see that {name} makes {sorted(made - seen)}"
            if seen - made - self.program.never:
                yield f"the rules see that {name} makes {sorted(seen - made)}, and no run did"
            if rules.records(contract) is not bool(seen):
                yield f"the rules do not agree with each other whether {name} makes recorded calls"

    def unnoticed_by_version(self, edit: Edit) -> Iterator[str]:
        """Yield what is wrong with the application version after a change of recorded calls."""
        if self.after(edit).observed.version == self.observed.version:
            yield f"the application version is the same after {edit}"

    def unnoticed_by_diff(self, edit: Edit) -> Iterator[str]:
        """Yield what is wrong with what `dbos-gen diff` says of a change of recorded calls."""
        found = changes(self.observed.folder, self.after(edit).observed.folder)
        if not found:
            yield f'"0 changes" after {edit}'
        elif worst(found) is Verdict.SAFE and (runs := self.stuck(edit)):
            yield f"safe after {edit}, although runs meet other calls than they recorded: {runs}"

    def stuck(self, edit: Edit) -> list[str]:
        """Return the runs that the changed program cannot go on with, having recorded all that they do."""
        pairs = zip(self.observed.histories, self.after(edit).observed.histories, strict=False)
        return [old.run for old, new in pairs if any(a != b for a, b in zip(old.names, new.names, strict=False))]

    def unfit(self, edit: Edit) -> Iterator[str]:
        """Yield what makes a change no change of recorded calls, so that it would show nothing."""
        if [_facts(each) for each in self.observed.histories] == [
            _facts(each) for each in self.after(edit).observed.histories
        ]:
            yield f"every run records the same after {edit}"

    def noise(self, edit: Edit) -> Iterator[str]:
        """Yield what is said of a change at the same place that no record shows."""
        quiet = edit.quiet
        # What is not known counts by its text.
        is_unknown = any(True for each in self.contracts.values() for _ in unknowns(each.calls))
        if quiet is None or is_unknown or self.program.decides:
            return
        changed = self.program.edited(quiet)
        if self._runner.version(changed) != self.observed.version:
            yield f"another application version after {quiet}"
        folder = self._runner.written(changed)
        yield from (f"after {quiet}: {change}" for change in changes(self.observed.folder, folder))

    def _kind(self, record: Record) -> str:
        if record.name.startswith(_UNMENTIONED):
            return ""
        return CHILD if record.is_child else self.observed.qualnames.get(record.name, record.name)


def _facts(history: History) -> tuple[str, tuple[str, ...]]:
    return history.workflow, history.names
