"""How much is moved at a time."""

from dataclasses import dataclass, field

from dbos_typed import Queue

BATCH = 2
PAGES = Queue("pages", concurrency=4)
SLOW = Queue("slow", worker_concurrency=1)
QUEUES = {"small": PAGES, "large": SLOW}


@dataclass(frozen=True)
class Quality:
    """What is good enough."""

    min_score: int = 5
    columns: list[str] = field(default_factory=lambda: ["name", "score"])
    max_pages: int = 10


def quality() -> Quality:
    """The quality that is asked for."""
    return Quality()


def queue_for(rows: int, *, threshold: int = 3) -> Queue:
    """Where so many rows are loaded."""
    return QUEUES["large" if rows > threshold else "small"]
