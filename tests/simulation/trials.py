"""Making one operation under one blow after the other, and comparing with how it goes undisturbed."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from dbos_typed.error import DBOSDatabaseUnavailableError
from tests.simulation.blows import BLOWS, Seam
from tests.simulation.laboratory import Laboratory
from tests.simulation.observation import Observation, scrubbed
from tests.simulation.operation import Body, Operation
from tests.simulation.saboteur import Plan, Strike, at_rest

Place = Literal["inside", "outside"]
UNAVAILABLE = "unavailable"
MOST_REPETITIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an operation."""

    result: str
    stored: Observation
    runs: Mapping[tuple[str, str], int]
    """How often the body of each step was run."""
    uses: Mapping[Seam, int]
    struck: tuple[str, ...]
    """The blows that fell."""
    unfinished: tuple[tuple[str, str], ...]
    """The workflows that had not ended when there was nothing more to wait for, with their statuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An operation made at one place."""

    operation: Operation
    place: Place
    body: Body

    def __str__(self) -> str:
        return f"{self.operation.name} {self.place}"


def subjects(laboratory: Laboratory) -> Iterator[Subject]:
    """Every operation at every place where it may be made."""
    for operation in laboratory.operations:
        if operation.is_inside:
            yield Subject(operation=operation, place="inside", body=laboratory.inside[operation.name])
        if operation.is_outside:
            yield Subject(operation=operation, place="outside", body=operation.body)


_numbers = count(1)


def new_id() -> str:
    """Of one length, so that none is the beginning of another."""
    return f"t{next(_numbers):06}"


def attempt(laboratory: Laboratory, subject: Subject, plan: Plan = at_rest, *, me: str | None = None) -> Outcome:
    """Make the operation while the database fails as planned; again, when `me` is the id of an earlier time.

    Whoever is told that the database is unavailable leaves behind what it began.
    """
    me = me or new_id()
    laboratory.saboteur.arm(plan)
    result = laboratory.answer_of(laboratory.begin(subject.body, me))
    if result.startswith(DBOSDatabaseUnavailableError.__name__):
        result = UNAVAILABLE
    struck = tuple(laboratory.saboteur.struck)
    uses = dict(laboratory.saboteur.counts)
    unfinished = () if result == UNAVAILABLE else tuple(laboratory.unfinished_in_the_end(me))
    runs = {
        (owner, name): times
        for (owner, name), times in laboratory.bench.runs.items()
        if owner.startswith(me) or not owner
    }
    laboratory.bench.runs.clear()
    return Outcome(
        result=str(scrubbed(result, me)),
        stored=laboratory.observer.observe(me),
        runs={(owner.replace(me, "W"), name): times for (owner, name), times in runs.items()},
        uses=uses,
        struck=struck,
        unfinished=unfinished,
    )


def undisturbed(laboratory: Laboratory, subject: Subject) -> Outcome:
    """Make the operation while nothing fails."""
    found = answered(laboratory, subject, new_id())
    assert not found.unfinished, f"{subject} left {found.unfinished}"
    assert not found.result.startswith("TimeoutError"), f"{subject}: {found.result}"
    return found


def answered(laboratory: Laboratory, subject: Subject, me: str) -> Outcome:
    """Make the operation while nothing fails, again where its caller is too impatient for a busy machine."""
    for _ in range(MOST_REPETITIONS):
        found = attempt(laboratory, subject, me=me)
        if found.result != UNAVAILABLE:
            return found
    raise AssertionError(f"{subject} is told again and again that a database is unavailable which is there")


def strikes(laboratory: Laboratory, subject: Subject, expected: Outcome) -> Iterator[Strike]:
    """Every blow at every use that an undisturbed run has made of the database, and some that are not the only ones."""
    for seam, blows in BLOWS[laboratory.backend].items():
        for number in range(1, expected.uses.get(seam, 0) + 1):
            for blow in blows:
                if subject.operation.is_read_only and seam is Seam.STATEMENT and blow.failure.name == "25006":
                    continue  # no server refuses a read so
                yield Strike(seam=seam, number=number, blow=blow)
            for blow in (blows[0], blows[-1]):
                yield Strike(seam=seam, number=number, blow=blow, more=2, blows=BLOWS[laboratory.backend])


def differences(subject: Subject, expected: Outcome, found: Outcome) -> list[str]:
    """How an operation under a blow went otherwise than it does undisturbed."""
    problems: list[str] = []
    is_unanswered = (
        subject.operation.commits_unrecorded
        and subject.place == "outside"
        and found.result == UNAVAILABLE
        and any(struck.startswith("commit") for struck in found.struck)
    )
    if found.result != expected.result and not is_unanswered:
        problems.append(f"result {found.result} instead of {expected.result}")
    stored = expected.stored.differences(found.stored)
    if is_unanswered and not found.stored.tables["payments"]:
        stored = []  # nobody was told that it was done, and it was not
    problems += stored
    if found.runs != expected.runs:
        problems.append(f"steps ran {dict(found.runs)} instead of {dict(expected.runs)}")
    problems += [f"{workflow_id} stays {status}" for workflow_id, status in found.unfinished]
    return problems


@dataclass(slots=True)
class Tally:
    """What was tried, and what was found."""

    tried: Counter[str] = field(default_factory=Counter[str])
    """How many strikes there were, by subject."""
    missed: int = 0
    """Strikes whose use did not come, because threads took turns otherwise."""
    problems: list[str] = field(default_factory=list[str])

    def __str__(self) -> str:
        return (
            f"{self.tried.total()} strikes at {len(self.tried)} operations, {self.missed} missed, "
            f"{len(self.problems)} problems"
        )

    def try_out(self, laboratory: Laboratory, subject: Subject, expected: Outcome, strike: Strike) -> None:
        """Make the operation under a strike."""
        found = attempt(laboratory, subject, strike)
        self.note(f"{subject} | {strike}", subject, bool(found.struck), differences(subject, expected, found))

    def note(self, what: str, subject: Subject, is_struck: bool, problems: Sequence[str]) -> None:
        """Note what came of a trial."""
        self.tried[str(subject)] += 1
        self.missed += not is_struck
        self.problems += [f"{what}: {each}" for each in problems]


def explore(laboratory: Laboratory, *, seed: int = 0, subject_share: float = 1, share: float = 1) -> Tally:
    """Try this share of the strikes at this share of the operations; `seed` chooses which."""
    tally = Tally()
    for subject, choice in chosen(laboratory, seed, subject_share):
        expected = undisturbed(laboratory, subject)
        for strike in strikes(laboratory, subject, expected):
            if choice.random() < share:
                tally.try_out(laboratory, subject, expected, strike)
    return tally


def chosen(laboratory: Laboratory, seed: int, share: float) -> Iterator[tuple[Subject, random.Random]]:
    """A share of the operations at their places, each with what chooses further."""
    for subject in subjects(laboratory):
        choice = random.Random(f"{seed} {laboratory.backend} {laboratory.form} {subject}")  # noqa: S311  # repeatable, no secret
        if choice.random() < share:
            yield subject, choice
