"""Whether executors live, judged by what they leave in the database and never by a process number or a host's name.

An executor lives until its lease is over by the database's clock. The lock that it holds beside tells its end at once:
a lock on a file surely, one of a database session only when the executor does not write either, because a process that
lives may lose its session. It then takes another one, and says so in its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from dbos_typed.records import ExecutorRecord, LockState

SECOND_LOOK_SECONDS = 1.0
"""After which a process that is launched looks again; one that lives has noticed by then that it lost its session."""


class Life(Enum):
    """What one look at an executor tells."""

    LIVING = auto()
    DOUBTFUL = auto()
    """Its session is gone. Dead, if it gives no sign of life until a second look."""
    SILENT = auto()
    """Its lease is over, or nothing is known of it. Dead, unless nobody could say that it is alive."""
    DEAD = auto()


def life_of(record: ExecutorRecord | None, app_version: str | None) -> Life:
    """What a look at the owner of workflows of a version tells."""
    if record is None:
        return Life.SILENT
    if record.is_ended or record.lock is LockState.GONE or record.app_version != app_version:
        # An id is claimed under another version only after its holder has ended.
        return Life.DEAD
    if record.lock is LockState.LOST:
        return Life.DOUBTFUL
    if record.is_over:
        # The session that tells more is that of a server which does not run any more.
        return Life.DOUBTFUL if record.lock is LockState.OUTDATED else Life.SILENT
    return Life.LIVING


def is_stranded(record: ExecutorRecord | None, app_version: str | None) -> bool:
    """Whether one look tells well enough that nobody runs the workflows of an owner, for a user who wants them run."""
    life = life_of(record, app_version)
    if record is not None and life is Life.DOUBTFUL:
        # One that lives has taken another session, or at least written, within half a lease.
        return record.silent_ms > record.lease_ms // 2
    return life is not Life.LIVING


@dataclass(frozen=True, slots=True)
class Judgement:
    """What several looks tell of executors."""

    dead: tuple[str, ...]
    has_doubts: bool
    """Whether a second look is needed."""


class Judge:
    """Remembers what it saw at its looks."""

    def __init__(self, app_version: str) -> None:
        self._app_version = app_version
        self._doubts: dict[str, tuple[tuple[str, int], float]] = {}

    def judge(
        self,
        owners: Mapping[str, ExecutorRecord | None],
        now: float,
        *,
        patience_seconds: float,
        may_judge_silence: bool,
    ) -> Judgement:
        """Which owners of workflows are dead, at the monotonic time `now`.

        `patience_seconds` is for how long one whose session is gone must have been seen without a sign of life;
        `may_judge_silence` whether everybody who lives had the time to give one.
        """
        dead: list[str] = []
        doubts: dict[str, tuple[tuple[str, int], float]] = {}
        for executor_id, record in owners.items():
            life = life_of(record, self._app_version)
            is_over = record is None or record.is_over
            if life is Life.DEAD or (is_over and may_judge_silence):
                dead.append(executor_id)
            elif record is not None and life is Life.DOUBTFUL:
                look, since = self._doubts.get(executor_id, (record.look, now))
                doubts[executor_id] = (record.look, since if look == record.look else now)
                if now - doubts[executor_id][1] >= patience_seconds:
                    dead.append(executor_id)
        self._doubts = doubts
        return Judgement(tuple(dead), has_doubts=bool(doubts.keys() - set(dead)))
