"""What a change of contracts means for runs under way: each difference with a verdict, a reason and a remedy."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dbos_gen.contract.comparison.replay import Comparison, Divergence, Matched, Mismatch, compare
from dbos_gen.contract.comparison.type_compatibility import Fit, TypeComparison
from dbos_gen.vocabulary.contracts import Call, Contract, Contracts, Parameter


class Verdict(enum.Enum):
    """What happens to runs that the old code started, when the new code recovers them.

    SAFE: they go on. NEW_RUNS: it depends on their values whether they go on; new runs are not affected. BREAKS: each
    run that has got to the changed place fails.
    """

    SAFE = "safe"
    NEW_RUNS = "safe for new runs only"
    BREAKS = "breaks running workflows"


_RANK = {Verdict.SAFE: 0, Verdict.NEW_RUNS: 1, Verdict.BREAKS: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChange:
    """One difference of a workflow; ``where`` is what of it has changed."""

    workflow: str
    where: str
    verdict: Verdict
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the form for people."""
        remedy = f"\n    remedy: {self.remedy}" if self.remedy else ""
        return f"{self.workflow}: {self.where}: {self.verdict.value}\n    {self.reason}{remedy}"


def worst(changes: tuple[ContractChange, ...]) -> Verdict:
    """Return the verdict on all changes together; no change at all is safe."""
    return max((change.verdict for change in changes), key=_RANK.__getitem__, default=Verdict.SAFE)


def differences(
    old: Contracts, new: Contracts, *, is_importable: Callable[[str], bool] = lambda _: True
) -> tuple[ContractChange, ...]:
    """Return every change, the workflows sorted by name.

    ``is_importable``: whether a class is found by this name now.
    """
    found: list[ContractChange] = []
    for name in sorted({*old.workflows, *new.workflows}):
        before, after = old.workflows.get(name), new.workflows.get(name)
        if before is None:
            found.append(_safe(name, "workflow", "it is new"))
        elif after is None:
            found.append(_removed(before, new))
        else:
            found.extend(_Pair(before, after, TypeComparison(old, new)).changes())
            found.extend(_gone(before, after, is_importable))
    return tuple(found)


def _safe(workflow: str, where: str, reason: str) -> ContractChange:
    return ContractChange(workflow=workflow, where=where, verdict=Verdict.SAFE, reason=reason)


def _removed(before: Contract, new: Contracts) -> ContractChange:
    place = (before.module, before.qualname)
    renamed = next((name for name, found in new.workflows.items() if (found.module, found.qualname) == place), None)
    similar = next((name for name, found in new.workflows.items() if found.calls and found.calls == before.calls), None)
    now = renamed or similar
    because = f"is called {now!r} now" if now is not None else "is gone"
    return ContractChange(
        workflow=before.name,
        where="workflow",
        verdict=Verdict.BREAKS,
        reason=f"it {because}; runs under way are stored as {before.name!r}, and nothing has that name any more",
        remedy=f'keep the name, `@DBOS.workflow(name="{before.name}")`, or keep the old code until its runs have ended',
    )


def _gone(before: Contract, after: Contract, is_importable: Callable[[str], bool]) -> Iterator[ContractChange]:
    """Yield the classes that records of runs under way name and that are not found under their names any more."""
    for place in before.classes:
        if place in after.classes or is_importable(place):
            continue
        module, _, name = place.partition(":")
        now = next((each for each in after.classes if each.endswith(f":{name}")), None)
        moved = f"; it is `{now.replace(':', '.')}` now" if now is not None else ""
        origin = now.partition(":")[0] if now is not None else "..."
        yield ContractChange(
            workflow=before.name,
            where=f"class `{module}.{name}`",
            verdict=Verdict.NEW_RUNS,
            reason=f"nothing has this name any more{moved}; runs under way whose records name it wait until it has",
            remedy=f"keep the name: `from {origin} import {name.partition('.')[0]}` in {module}, and import {module} "
            "at the top of a module that has workflows",
        )


def _patch_remedy(workflow: str) -> str:
    return (
        f'guard the new code with `if DBOS.patch("...")` and keep the old code below `else`, or give the new code a '
        f'new name (`@DBOS.workflow(name="{workflow}-2")`), or deploy it as another application version and let the '
        f"runs of the old version end where they are"
    )


class _Pair:
    """One workflow in both states."""

    def __init__(self, before: Contract, after: Contract, reading: TypeComparison) -> None:
        self._before = before
        self._after = after
        self._reading = reading
        self._name = after.name

    def changes(self) -> list[ContractChange]:
        """Return every change of this workflow."""
        compared = compare(self._before.calls, self._after.calls)
        found = [
            *self._receiver(),
            *self._parameters(),
            *self._result(),
            *self._calls(compared),
            *self._values("event", self._before.events, self._after.events),
            *self._values("topic", self._before.topics, self._after.topics),
            *self._values("stream", self._before.streams, self._after.streams),
        ]
        if self._before.is_async is not self._after.is_async:
            kind = "a coroutine function" if self._after.is_async else "a plain function"
            found.append(self._change("function", Verdict.SAFE, f"it is {kind} now; callers have to follow"))
        return found

    def _change(self, where: str, verdict: Verdict, reason: str, remedy: str = "") -> ContractChange:
        return ContractChange(workflow=self._name, where=where, verdict=verdict, reason=reason, remedy=remedy)

    def _receiver(self) -> Iterator[ContractChange]:
        before, after = self._before, self._after
        if (before.receiver, before.class_name) != (after.receiver, after.class_name):
            was = f"{before.receiver} of {before.class_name}" if before.class_name else before.receiver
            now = f"{after.receiver} of {after.class_name}" if after.class_name else after.receiver
            yield self._change(
                "function",
                Verdict.BREAKS,
                f"it was a {was} and is a {now}; runs under way are stored with what they are called on",
                "keep the old workflow until its runs have ended, and give the new one another name",
            )

    def _parameters(self) -> Iterator[ContractChange]:
        before, after = self._before.signatures, self._after.signatures
        if [parameters for parameters, _ in before] == [parameters for parameters, _ in after]:
            if len(before) == 1:
                yield from self._types(before[0][0], after[0][0])
            return
        if len(before) != 1 or len(after) != 1:
            yield self._change("parameters", Verdict.NEW_RUNS, "its overloads have changed", self._keep_parameters())
            return
        (old, _), (new, _) = before[0], after[0]
        yield from self._removed_and_added(old, new)
        yield from self._types(old, new)

    def _keep_parameters(self) -> str:
        return f'keep the old parameters, or give the workflow a new name (`@DBOS.workflow(name="{self._name}-2")`)'

    def _removed_and_added(self, old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Iterator[ContractChange]:
        known, wanted = {entry.name: entry for entry in old}, {entry.name: entry for entry in new}
        gone = [entry for entry in old if entry.name not in wanted]
        added = [entry for entry in new if entry.name not in known]
        stays = [entry.name in wanted for entry in old], [entry.name in known for entry in new]
        if gone and stays[0] == stays[1]:
            for before, after in zip(gone, added, strict=True):
                yield self._renamed(before, after)
            return
        for entry in gone:
            certain = not entry.has_default and not entry.kind.startswith("*")
            verdict = Verdict.BREAKS if certain else Verdict.NEW_RUNS
            who = "every run under way was" if certain else "runs under way may have been"
            reason = f"parameter `{entry.name}` is gone, which {who} started with"
            yield self._change("parameters", verdict, reason, self._keep_parameters())
        for entry in added:
            if entry.has_default or entry.kind.startswith("*"):
                yield self._change("parameters", Verdict.SAFE, f"parameter `{entry.name}` is new and has a default")
            else:
                reason = f"parameter `{entry.name}` is new and has no default; stored inputs do not have it"
                yield self._change("parameters", Verdict.BREAKS, reason, f"give `{entry.name}` a default")
        yield from self._order(old, new)

    def _renamed(self, before: Parameter, after: Parameter) -> ContractChange:
        if before.kind == after.kind == "positional-only":
            reason = f"parameter `{before.name}` is called `{after.name}` now; it is passed by position only"
            return self._change("parameters", Verdict.SAFE, reason)
        verdict = Verdict.BREAKS if before.kind == "keyword-only" and not before.has_default else Verdict.NEW_RUNS
        reason = (
            f"parameter `{before.name}` is called `{after.name}` now; inputs that were given by keyword are stored "
            "under the old name"
        )
        return self._change("parameters", verdict, reason, self._keep_parameters())

    def _order(self, old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Iterator[ContractChange]:
        by_position = ("positional-only", "positional or keyword")
        before = [entry.name for entry in old if entry.kind in by_position]
        after = [entry.name for entry in new if entry.kind in by_position]
        if before != after[: len(before)] and set(before) <= {entry.name for entry in new}:
            reason = (
                "positional parameters have other places now; inputs that were given by position are stored by place"
            )
            yield self._change("parameters", Verdict.NEW_RUNS, reason, self._keep_parameters())

    def _types(self, old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Iterator[ContractChange]:
        wanted = {entry.name: entry for entry in new}
        for before in old:
            after = wanted.get(before.name)
            if after is not None:
                yield from self._type(f"parameter `{before.name}`", before.type, after.type, "stored inputs")

    def _type(self, what: str, before: str, after: str, stored: str) -> Iterator[ContractChange]:
        fit = self._reading.fit(before, after)
        became = f"{what} was `{before}` and is `{after}`" if before != after else f"`{before}` of {what} has changed"
        if fit is Fit.ALL:
            if before != after and before and after:
                yield self._change(what, Verdict.SAFE, f"{became}; {stored} can be read")
            return
        how = {
            Fit.SOME: "may not be what is declared now, depending on their values",
            Fit.OTHER: "are read as they are, of another type than is declared now",
            Fit.NONE: "cannot be read",
        }[fit]
        verdict = Verdict.BREAKS if fit is Fit.NONE else Verdict.NEW_RUNS
        remedy = (
            f"accept both, `{after} | {before}`" if before != after else "give new fields defaults and keep old ones"
        )
        yield self._change(what, verdict, f"{became}; {stored} {how}", remedy)

    def _result(self) -> Iterator[ContractChange]:
        (_, before), (_, after) = self._before.signatures[0], self._after.signatures[0]
        fit = self._reading.fit(before, after)
        if fit is Fit.ALL:
            if before != after:
                yield self._change("result", Verdict.SAFE, f"the result was `{before}` and is `{after}`")
            return
        # A run under way returns the new type; only results stored before, which nobody recomputes, are of the old one.
        yield self._change(
            "result",
            Verdict.NEW_RUNS,
            f"the result was `{before}` and is `{after}`; results of ended runs, children's among them, "
            f"{'cannot be read' if fit is Fit.NONE else 'may be of another type'}",
            f"return `{after} | {before}` until nobody asks for old results",
        )

    def _calls(self, compared: Comparison) -> Iterator[ContractChange]:
        for divergence in compared.divergences:
            yield self._divergence(divergence)
        seen: set[tuple[str, str, str]] = set()
        for matched in compared.matched:
            key = (matched.new.name, matched.old.result, matched.new.result)
            if key not in seen:
                seen.add(key)
                yield from self._recorded(matched)
        if not compared.divergences and self._before.calls != self._after.calls:
            reason = "recorded calls of runs under way are met again in their order"
            if compared.assumes_patched:
                names = ", ".join(sorted(compared.assumes_patched))
                reason += f", as long as no run is left from before the patch {names}"
            if compared.leaves_records:
                reason += "; some are not made any more, and their records are left unread"
            yield self._change("calls", Verdict.SAFE, reason)

    def _divergence(self, found: Divergence) -> ContractChange:
        place = f"at step {found.number}"
        reasons = {
            Mismatch.INSERTED: f"{place} {found.new} is inserted before {found.old}, which runs under way recorded",
            Mismatch.REMOVED: f"{place} {found.old} is gone; a run that recorded it would meet {found.new}",
            Mismatch.REPLACED: f"{place} runs under way have recorded {found.old} and would meet {found.new}",
            Mismatch.UNKNOWN: f"{place} {found.old} became {found.new}; what is recorded there cannot be told",
            Mismatch.TOO_COMPLEX: "the calls have too many ways through them to be compared",
        }
        if found.is_certain:
            return self._change("calls", Verdict.BREAKS, reasons[found.kind], _patch_remedy(self._name))
        reason = f"{reasons[found.kind]}, if its values lead it there"
        return self._change("calls", Verdict.NEW_RUNS, reason, _patch_remedy(self._name))

    def _recorded(self, matched: Matched) -> Iterator[ContractChange]:
        old, new = matched.old, matched.new
        shown = f"{_shown(old)} at step {matched.number}"
        for change in self._type(f"the result of {shown}", old.result, new.result, "recorded results"):
            if change.verdict is not Verdict.SAFE or old.result != new.result:
                yield change
        if old.about != new.about:
            yield self._change(
                "calls",
                Verdict.SAFE,
                f"{shown} is about {new.about!r} now and was about {old.about!r}; replay does not look at it",
            )

    def _values(self, noun: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ContractChange]:
        for key, kind in before.items():
            what = f'{noun} "{key}"' if key else f"{noun} of messages without one"
            if key not in after:
                yield self._gone(noun, what)
            else:
                yield from self._type(what, kind, after[key], "stored messages" if noun == "topic" else "stored values")
        for key in after:
            if key not in before:
                yield self._change(f'{noun} "{key}"', Verdict.SAFE, "it is new")

    def _gone(self, noun: str, what: str) -> ContractChange:
        if noun == "topic":
            return self._change(
                what,
                Verdict.NEW_RUNS,
                "it is not received any more; messages that were sent to runs under way are never read",
                f"receive from both topics until the runs under way have ended, or keep the name of the {noun}",
            )
        reason = "it is not set any more; readers of new runs wait in vain, and those of ended runs find it"
        return self._change(what, Verdict.SAFE, reason)


def _shown(call: Call) -> str:
    return f"{call.kind.value} {call.name}" + (f" ({call.about})" if call.about else "")
