"""Making one operation while the database is away for longer than its caller waits, and again after that."""

from collections.abc import Iterator

from tests.simulation.blows import BLOWS
from tests.simulation.laboratory import Laboratory
from tests.simulation.saboteur import Outage
from tests.simulation.trials import UNAVAILABLE, Outcome, Subject, Tally, answered, attempt, chosen, new_id, undisturbed

PATIENCE_SECONDS = 0.1
OUTAGE_SECONDS = 0.2
"""Longer than callers wait, and shorter than the timeouts that operations have of their own."""


def outages(laboratory: Laboratory, expected: Outcome) -> Iterator[Outage]:
    """An outage that begins at each use that an undisturbed run has made of the database."""
    for seam in BLOWS[laboratory.backend]:
        for number in range(1, expected.uses.get(seam, 0) + 1):
            yield Outage(seam=seam, number=number, seconds=OUTAGE_SECONDS, blows=BLOWS[laboratory.backend])


def sit_out(laboratory: Laboratory, subject: Subject, expected: Outcome, outage: Outage) -> tuple[Outcome, list[str]]:
    """Make the operation in an outage; what came of it in the end, and what went otherwise than it may.

    It is answered as if there were no outage, or told that the database is unavailable; then it is made again.
    """
    me = new_id()
    first = attempt(laboratory, subject, outage, me=me)
    if first.result not in (expected.result, UNAVAILABLE):
        return first, [f"result {first.result} instead of {expected.result} or {UNAVAILABLE}"]
    if first.result == UNAVAILABLE and not subject.operation.is_repeatable:
        return first, []
    last = answered(laboratory, subject, me) if first.result == UNAVAILABLE else first
    problems = [f"{workflow_id} stays {status}" for workflow_id, status in last.unfinished]
    if last.result != expected.result:
        problems.append(f"result {last.result} of the repetition instead of {expected.result}")
    return first, [*problems, *expected.stored.differences(last.stored)]


def explore_outages(laboratory: Laboratory, *, seed: int = 0, subject_share: float = 1, share: float = 1) -> Tally:
    """Try this share of the outages at this share of the operations outside workflows; `seed` chooses which."""
    tally = Tally()
    for subject, choice in chosen(laboratory, seed, subject_share):
        if subject.place == "inside":
            continue
        expected = undisturbed(laboratory, subject)
        for outage in outages(laboratory, expected):
            if choice.random() < share:
                found, problems = sit_out(laboratory, subject, expected, outage)
                tally.note(f"{subject} | {outage}", subject, bool(found.struck), problems)
    return tally
