"""The runs of this process, and what it is about to own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock

from dbos_typed.core.run import Run


class ActiveRuns:
    """The runs of this process that have not ended.

    A row that this executor owns and that has no run here is begun anew. So that this happens to no row whose run is
    just being made, whoever makes this executor the owner of a row announces it before, by the id or by the token.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._runs: dict[str, Run] = {}
        self._starting: dict[str, int] = {}
        self._claims: dict[int, int] = {}
        self._mismatched: dict[str, int] = {}
        self._stopped: dict[str, int] = {}
        self._not_begun: set[Run] = set()
        self._put_back: set[str] = set()

    def starting(self, workflow_id: str) -> None:
        """Announce a run before its row is written, so that nobody takes the row for an abandoned one."""
        with self._lock:
            self._starting[workflow_id] = self._starting.get(workflow_id, 0) + 1

    def started(self, workflow_id: str, run: Run | None) -> None:
        """End the announcement; `run` is the run that now owns the row, `None` when another one does."""
        with self._lock:
            count = self._starting.get(workflow_id, 1) - 1
            if count:
                self._starting[workflow_id] = count
            else:
                self._starting.pop(workflow_id, None)
            if run is not None:
                self._runs[workflow_id] = run

    @contextmanager
    def claiming(self, ranges: Iterable[tuple[int, int]]) -> Generator[None]:
        """Announce claims by ranges (first, last) of the run tokens that they give to rows yet unknown."""
        claims = list(ranges)
        with self._lock:
            self._claims.update(claims)
        try:
            yield
        finally:
            with self._lock:
                for first, _ in claims:
                    self._claims.pop(first, None)

    def begun(self, runs: Iterable[Run]) -> None:
        """Add runs that own their rows."""
        with self._lock:
            self._runs.update((run.workflow_id, run) for run in runs)

    def ended(self, run: Run) -> bool:
        """Remove a run; whether it was there."""
        with self._lock:
            if run.outcome is None and not run.is_abandoned:
                # Code that makes another call than the recorded one will do so again, so it is not tried again here.
                (self._stopped if run.mismatch is None else self._mismatched)[run.workflow_id] = run.token
            if self._runs.get(run.workflow_id) is not run:
                return False
            del self._runs[run.workflow_id]
            return True

    def set_aside(self, run: Run) -> None:
        """Note that a run which owns its workflow cannot be executed here, so that it is not tried again and again."""
        with self._lock:
            self._mismatched[run.workflow_id] = run.token

    def put_back(self, workflow_id: str) -> None:
        """Note that a workflow was put back on its queue, because its records do not fit the code here."""
        with self._lock:
            self._put_back.add(workflow_id)

    def all_put_back(self) -> Sequence[str]:
        """The workflows that this process leaves on their queues."""
        with self._lock:
            return list(self._put_back)

    def get(self, workflow_id: str) -> Run | None:
        return self._runs.get(workflow_id)

    def is_active(self, workflow_id: str) -> bool:
        """Whether a run of the workflow exists here or is about to."""
        with self._lock:
            return workflow_id in self._runs or workflow_id in self._starting

    def orphans(self, owned: Mapping[str, int]) -> Sequence[str]:
        """The workflows among those that this executor owns, with their run tokens, that nobody runs."""
        with self._lock:
            return [
                workflow_id
                for workflow_id, token in owned.items()
                if ((run := self._runs.get(workflow_id)) is None or run.token != token)
                and workflow_id not in self._starting
                and self._mismatched.get(workflow_id) != token
                and not any(first <= token <= last for first, last in self._claims.items())
            ]

    def drop_forgotten(self) -> None:
        """Remove the runs that were not begun when this was called last, and are not now.

        Whoever made them was interrupted before the run could be begun.
        """
        with self._lock:
            waiting = {run for run in self._runs.values() if not run.is_begun}
            for run in waiting & self._not_begun:
                del self._runs[run.workflow_id]
            self._not_begun = waiting - self._not_begun

    def forget_stopped(self, owned: Mapping[str, int]) -> None:
        """Forget the stopped runs that own nothing any more; `owned` is everything that this executor owns."""
        with self._lock:
            for known in (self._mismatched, self._stopped):
                for workflow_id in [each for each, token in known.items() if owned.get(each) != token]:
                    del known[workflow_id]

    def has_stopped(self, workflow_id: str, token: int) -> bool:
        """Whether the run with this token ended here without an outcome, and not because it fits its records ill."""
        with self._lock:
            return self._stopped.get(workflow_id) == token

    def cancel(self, workflow_id: str, run_token: int) -> None:
        """Tell the run that its workflow was cancelled; a later run of the same workflow is not meant."""
        run = self._runs.get(workflow_id)
        if run is not None and run.token == run_token:
            run.is_cancelled = True

    def tokens_on_queue(self, queue_name: str, partition_key: str | None) -> tuple[int, ...]:
        """The tokens of the runs of this process that came from the queue, or from one partition of it."""
        with self._lock:
            return tuple(
                run.token
                for run in self._runs.values()
                if run.queue_name == queue_name and partition_key in (None, run.partition_key)
            )

    def all(self) -> list[Run]:
        with self._lock:
            return list(self._runs.values())
