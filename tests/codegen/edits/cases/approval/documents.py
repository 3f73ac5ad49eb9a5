"""Documents and what may go wrong with them."""

from dataclasses import dataclass, field


class ReviewError(Exception):
    """A review that cannot be finished."""


class RejectedError(ReviewError):
    """Somebody said no."""


class UnreadableError(ReviewError):
    """Nobody could open it."""


@dataclass
class Document:
    """Something to be approved."""

    document_id: str
    pages: int
    reviewers: list[str] = field(default_factory=list)
    is_secret: bool = False


@dataclass
class Filing:
    """Where it lies now; recorded with its name, because it may be anything."""

    shelf: str


@dataclass
class Opinion:
    """What a reviewer thinks; recorded."""

    reviewer: str
    score: int
