"""What each workflow of the load comes to where nothing fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NARROW = 2
"""The concurrency of the queue `narrow`, over all executors."""
WIDE = 2
"""The concurrency of the queue `wide`, on each executor."""
LETTERS = 4
NAP_SECONDS = 1.0
TIMEOUT_SECONDS = 1.0
"""Of workflows that must run into it."""
CARGO = 400
"""Characters of an input, so that tables grow while they are watched."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The outcome of a workflow, what it did in the world and the children it has, each exactly once."""

    output: str | None
    status: str = "SUCCESS"
    steps: tuple[str, ...] = ()
    payments: int = 0
    children: Mapping[str, int] = field(default_factory=dict)


EXPECTED: Mapping[str, Expectation] = {
    "order": Expectation(
        f"{CARGO} 30 labelled errand 2 looked in narrow, in wide shipped",
        steps=("reserve", "ship"),
        payments=1,
        children={"parcel": 1, "errand": 1, "narrow_job": 1, "wide_job": 1},
    ),
    "tour": Expectation(
        f"2 {CARGO} 30 looked, looked shipped",
        steps=("look", "reserve", "ship"),
        payments=1,
        children={"errand": 2},
    ),
    "parcel": Expectation("labelled", steps=("label",)),
    "errand": Expectation("looked", steps=("look",)),
    "narrow_job": Expectation("in narrow", steps=("in narrow",)),
    "wide_job": Expectation("in wide", steps=("in wide",)),
    "dialogue": Expectation(" ".join(map(str, range(LETTERS))), children={"listener": 1}),
    "listener": Expectation(" ".join(map(str, range(LETTERS)))),
    "visit": Expectation("True hosted late", children={"host": 1}),
    "host": Expectation("hosted"),
    "nap": Expectation("slept", steps=("before", "after")),
    "timed": Expectation(None, status="CANCELLED"),
    "patient": Expectation("looked", steps=("look",)),
}
