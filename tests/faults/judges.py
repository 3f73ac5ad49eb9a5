"""What a fault did that it must not: each judge names its findings, and none where all is well."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tests.faults.effects import Effect
from tests.faults.evidence import Evidence, driver_of
from tests.faults.expectations import EXPECTED, NAP_SECONDS, NARROW, WIDE, Expectation

UNENDED = ("PENDING", "ENQUEUED")
CLOCK_SECONDS = 0.002
"""Records count milliseconds, effects count finer."""
SHOWN = 120


def lost(evidence: Evidence) -> Iterator[str]:
    """What was accepted or is said to have happened, and is not there."""
    if evidence.has_lost_history:
        return
    for workflow_id in sorted(evidence.accepted - set(evidence.workflows)):
        yield f"{workflow_id} was accepted and does not exist"
    happened = Counter((effect.workflow_id, effect.step) for effect in evidence.effects)
    children = _children(evidence)
    for workflow_id, expected in _succeeded(evidence):
        if evidence.payments.get(workflow_id, 0) < expected.payments:
            yield f"{workflow_id} succeeded without its payment"
        for step in expected.steps:
            if not happened[workflow_id, step]:
                yield f"{workflow_id} succeeded and its step {step!r} did not happen"
        for name, count in expected.children.items():
            if children[workflow_id][name] < count:
                yield f"{workflow_id} succeeded with {children[workflow_id][name]} of {count} children {name}"


def doubled(evidence: Evidence) -> Iterator[str]:
    """What happened more than once."""
    for workflow_id, count in sorted(evidence.payments.items()):
        if count > 1:
            yield f"{workflow_id} paid {count} times"
    for parent, names in sorted(_children(evidence).items()):
        expected = EXPECTED[evidence.workflows[parent].name].children if parent in evidence.workflows else {}
        for name, count in names.items():
            if count > expected.get(name, 0):
                yield f"{parent} has {count} children {name}"
    yield from _repeated_messages(evidence)
    yield from _repeated_steps(evidence)


def stuck(evidence: Evidence) -> Iterator[str]:
    """What has not ended, and callers who were not answered."""
    for workflow_id, stored in sorted(evidence.workflows.items()):
        if stored.status in UNENDED:
            yield f"{workflow_id} ({stored.name}) is {stored.status}"
    for workflow_id in sorted(evidence.asked - set(evidence.answers)):
        is_gone = evidence.has_lost_history and workflow_id not in evidence.workflows
        has_caller = driver_of(workflow_id) not in evidence.doomed and driver_of(workflow_id) not in evidence.died
        is_told = workflow_id in evidence.workflows and evidence.workflows[workflow_id].status in UNENDED
        if has_caller and not is_gone and not is_told:
            accepted = "is not answered" if workflow_id in evidence.accepted else "cannot start it"
            yield f"the caller of {workflow_id} {accepted}"


def wrong(evidence: Evidence) -> Iterator[str]:
    """Outcomes other than those of a run in which nothing fails."""
    for executor, words in evidence.died.items():
        yield f"the executor {executor} ended: {words[:SHOWN]}"
    for workflow_id, stored in sorted(evidence.workflows.items()):
        expected = EXPECTED[stored.name]
        if stored.status in UNENDED:
            continue
        if (stored.status, stored.output) != (expected.status, expected.output):
            said = stored.error or stored.output
            yield f"{workflow_id} ({stored.name}) is {stored.status}: {(said or 'no output')[:SHOWN]}"
    for workflow_id, answer in sorted(evidence.answers.items()):
        kind = workflow_id.split(".")[1]
        if evidence.has_lost_history and workflow_id not in evidence.workflows:
            continue
        if answer != (EXPECTED[kind].output or EXPECTED[kind].status):
            yield f"the caller of {workflow_id} was told {answer[:SHOWN]}"
    yield from _short_naps(evidence)


def over_limit(evidence: Evidence) -> Iterator[str]:
    """Moments at which more ran from a queue than may."""
    totals: Counter[float] = Counter()
    for sighting in evidence.sightings:
        if sighting.queue == "narrow":
            totals[sighting.at] += sighting.running
        elif sighting.queue == "wide" and sighting.running > WIDE:
            yield f"{sighting.running} of wide were PENDING on {sighting.executor} at {sighting.at:.3f}"
    for at, count in totals.items():
        if count > NARROW:
            yield f"{count} of narrow were PENDING at {at:.3f}"
    yield from _crowds(evidence, "in narrow", NARROW, lambda _: "all executors")
    yield from _crowds(evidence, "in wide", WIDE, lambda effect: effect.executor)


JUDGES: Mapping[str, Callable[[Evidence], Iterator[str]]] = MappingProxyType(
    {"lost": lost, "doubled": doubled, "stuck": stuck, "wrong": wrong, "over limit": over_limit}
)


def _succeeded(evidence: Evidence) -> Iterator[tuple[str, Expectation]]:
    for workflow_id, stored in sorted(evidence.workflows.items()):
        if stored.status == "SUCCESS":
            yield workflow_id, EXPECTED[stored.name]


def _children(evidence: Evidence) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for stored in evidence.workflows.values():
        if stored.parent is not None:
            found[stored.parent][stored.name] += 1
    return found


def _repeated_messages(evidence: Evidence) -> Iterator[str]:
    for workflow_id, stored in sorted(evidence.workflows.items()):
        if stored.name == "listener" and stored.output is not None:
            letters = stored.output.split()
            if len(set(letters)) < len(letters):
                yield f"{workflow_id} received {stored.output}"


def _repeated_steps(evidence: Evidence) -> Iterator[str]:
    """A body that began after the body whose outcome is the record had ended and its record was written.

    The moment of the record is that at which its body ended; another body that began before it is of a run that could
    not know of the record.
    """
    for effect in evidence.effects:
        records = evidence.recorded.get((effect.workflow_id, effect.step), ())
        if effect.phase != "end" and records and effect.at > max(records) + CLOCK_SECONDS:
            stop = evidence.stops.get(effect.executor)
            # Between the stop and its next write, a frozen run cannot know that another took its place.
            if stop is None or effect.at < stop[1]:
                yield f"{effect.workflow_id} ran {effect.step!r} on {effect.executor} after it was recorded"


def _short_naps(evidence: Evidence) -> Iterator[str]:
    first: dict[tuple[str, str], float] = {}
    for effect in evidence.effects:
        first.setdefault((effect.workflow_id, effect.step), effect.at)
    for (workflow_id, step), at in first.items():
        before = first.get((workflow_id, "before"))
        if step == "after" and before is not None and at - before < NAP_SECONDS - CLOCK_SECONDS:
            yield f"{workflow_id} slept {at - before:.3f} s of {NAP_SECONDS}"


def _crowds(evidence: Evidence, step: str, limit: int, place: Callable[[Effect], str]) -> Iterator[str]:
    """Moments at which more bodies ran than may. Bodies that were killed or frozen in their middle do not count."""
    moments: dict[str, list[tuple[float, int]]] = defaultdict(list)
    begun: dict[tuple[str, str, int], float] = {}
    for effect in evidence.effects:
        if effect.step != step:
            continue
        key = (effect.workflow_id, effect.executor, effect.attempt)
        if effect.phase == "begin":
            begun[key] = effect.at
        elif key in begun:
            start = begun.pop(key)
            stop = evidence.stops.get(effect.executor)
            if stop is None or effect.at < stop[0] or start > stop[1]:
                moments[place(effect)] += [(start, 1), (effect.at, -1)]
    for name, changes in moments.items():
        running = 0
        for at, change in sorted(changes):
            running += change
            if running > limit:
                yield f"{running} bodies of {step!r} ran at once on {name} at {at:.3f}"
