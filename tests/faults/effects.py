"""Files in which executors say durably what they did, outside of any database."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

EFFECTS = "effects"
ASKED = "asked"
"""Workflows that a driver began to start."""
ACCEPTED = "accepted"
"""Those whose start returned."""
ANSWERED = "answered"
"""Those whose result its caller got, with that result."""


class Ledger:
    """Lines that stay when the process is killed; several processes may write to one file."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, *words: object) -> None:
        """Add a line of these words and the moment, durably."""
        os.write(self._file, f"{'|'.join(map(str, words))}|{time.time()!r}\n".encode())
        os.fsync(self._file)


@dataclass(frozen=True, slots=True)
class Effect:
    """A moment in the body of a step: `begin` and `end` where it takes its time, else `done`."""

    workflow_id: str
    step: str
    phase: str
    executor: str
    attempt: int
    at: float


def read_effects(folder: Path) -> list[Effect]:
    """Everything that steps did, in the order in which they did it."""
    return [
        Effect(workflow_id, step, phase, executor, int(attempt), float(at))
        for workflow_id, step, phase, executor, attempt, at in _lines(folder / EFFECTS)
    ]


def read_ids(folder: Path, kind: str) -> set[str]:
    """The workflows that all drivers wrote to their files of this kind."""
    return set(read_answers(folder, kind))


def read_answers(folder: Path, kind: str = ANSWERED) -> dict[str, str]:
    """Workflow id -> what the drivers' files of this kind say of it."""
    return {
        words[0]: words[1] for path in sorted(folder.glob(f"{kind}-*")) for words in _lines(path) if len(words) >= 2
    }


def _lines(path: Path) -> Iterator[list[str]]:
    if path.exists():
        # A line that is still being written, or whose writer was killed, has no end.
        for line in path.read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                yield line.rstrip("\n").split("|")
