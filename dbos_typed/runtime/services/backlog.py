"""Workflows that cannot be run here yet, and when it is tried again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

FIRST_PAUSE_SECONDS = 1.0
MOST_PAUSE_SECONDS = 60.0
FORGOTTEN_AFTER_SECONDS = 600.0
"""What was due so long ago and was not tried is not this executor's any more."""


class Backlog:
    """Why workflows could not be run: because their function is registered later, say, or cannot be run here at all.

    Each is tried again after pauses that grow.
    """

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}
        """By workflow id; a reason that has been told once need not be told again."""
        self._pauses: dict[str, float] = {}
        self._due_at: dict[str, float] = {}

    def due(self, workflow_ids: Iterable[str]) -> Sequence[str]:
        """Those among the workflows that are to be tried now."""
        now = time.monotonic()
        return [each for each in workflow_ids if self._due_at.get(each, 0.0) <= now]

    def tried(self, workflow_ids: Iterable[str], failures: Mapping[str, str]) -> None:
        """Note how an attempt at these workflows went."""
        for workflow_id in workflow_ids:
            if workflow_id not in failures:
                self.forget(workflow_id)
        for workflow_id, reason in failures.items():
            pause = min(self._pauses.get(workflow_id, FIRST_PAUSE_SECONDS / 2) * 2, MOST_PAUSE_SECONDS)
            self.reasons[workflow_id] = reason
            self._pauses[workflow_id] = pause
            self._due_at[workflow_id] = time.monotonic() + pause

        # Others run them, or they were deleted: nobody asks for them any more.
        left = time.monotonic() - FORGOTTEN_AFTER_SECONDS
        for workflow_id in [each for each, due_at in self._due_at.items() if due_at < left]:
            self.forget(workflow_id)

    def forget(self, workflow_id: str) -> None:
        """It was run, or is another's."""
        self.reasons.pop(workflow_id, None)
        self._pauses.pop(workflow_id, None)
        self._due_at.pop(workflow_id, None)

    def waiting(self) -> Sequence[str]:
        """Those that are not to be tried now."""
        now = time.monotonic()
        return [each for each, due_at in self._due_at.items() if due_at > now]
