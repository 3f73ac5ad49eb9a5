"""Where rows come from, and where they go."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import wire
from dbos_typed import DBOS

from etl import options


@dataclass
class Page:
    """Some rows and where the next ones are; recorded."""

    scores: list[int] = field(default_factory=list)
    next: str = ""


class Source:
    """Rows page by page."""

    path = "pages"

    @DBOS.step()
    def fetch(self, job_id: str, cursor: str) -> Page:
        found = wire.get(f"/{self.path}/{job_id}/{cursor}")
        return Page(list(found["scores"]), str(found["next"]))

    def pages(self, job_id: str) -> Iterator[Page]:
        """Follow the cursors."""
        cursor = "first"
        for _ in range(options.quality().max_pages):
            page = self.fetch(job_id, cursor)
            yield page
            cursor = page.next
            if not cursor:
                return


class CheckedSource(Source):
    """Asks first whether there is anything."""

    @DBOS.step()
    def ping(self, job_id: str) -> None:
        wire.post(f"/ping/{job_id}")

    def pages(self, job_id: str) -> Iterator[Page]:
        self.ping(job_id)
        yield from super().pages(job_id)


class Sink:
    """Writes rows."""

    @DBOS.step()
    def write(self, batch_id: str, scores: list[int]) -> int:
        wire.post(f"/rows/{batch_id}", scores=scores)
        return len(scores)

    @DBOS.step()
    def reject(self, batch_id: str, score: int) -> None:
        wire.post(f"/rejected/{batch_id}/{score}")

    @DBOS.step()
    def finish(self, job_id: str, rows: int) -> None:
        wire.post(f"/finished/{job_id}", rows=rows)


def batches(scores: list[int], size: int = options.BATCH) -> Iterator[list[int]]:
    """Cut into pieces."""
    for start in range(0, len(scores), size):
        yield scores[start : start + size]
