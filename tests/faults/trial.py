"""One trial: executors under load, a fault, and what the observer finds when all has come to rest."""

import contextlib
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.evidence import Evidence, Sighting, driver_of, gathered, sightings, unanswered
from tests.faults.executors import Executor
from tests.faults.fault import Fault
from tests.faults.ground import Unsuitable, ground
from tests.faults.judges import JUDGES
from tests.faults.stages import OBSERVER_ERRORS, Stage

WARM_UP_SECONDS = 2.0
AFTER_SECONDS = 2.0
"""How long the load goes on after the fault at least."""
LOOK_PAUSE_SECONDS = 0.1
WATCHER_SECONDS = 5.0
NAMES = ("a", "b", "c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one trial."""

    fault: Fault
    seconds: float
    runs: int = 0
    findings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Judge -> what it found."""
    recovered_in: float | None = None
    """Seconds from the end of the fault until what was under way then had ended and each executor had done new work."""
    held_up_by: Sequence[str] = ()
    """What the recovery waited for last."""
    skipped: str | None = None
    """Why there was no trial."""

    @property
    def is_late(self) -> bool:
        return self.recovered_in is None or self.recovered_in > self.fault.recovery_seconds

    @property
    def has_failed(self) -> bool:
        return self.skipped is None and (self.is_late or any(self.findings.values()))


def try_fault(fault: Fault, seconds: float, *, patience: float, logs: Path | None = None) -> Verdict:
    """Stage the fault for so many seconds, and judge.

    What has not ended `patience` seconds after it counts as stuck. With `logs` what executors and servers wrote is kept
    in a folder there.
    """
    with ground() as place:
        folder = place.folder / "executors"
        folder.mkdir()
        try:
            with fault.staging(place) as stage:
                try:
                    return _Trial(fault, seconds, patience, folder, stage).run()
                finally:
                    for executor in stage.executors:
                        executor.kill()
        except Unsuitable as reason:
            return Verdict(fault=fault, seconds=seconds, skipped=str(reason))
        finally:
            if logs is not None:
                place.keep_logs(logs / f"{fault.name}-{seconds:g}")


class _Trial:
    def __init__(self, fault: Fault, seconds: float, patience: float, folder: Path, stage: Stage) -> None:
        self._fault = fault
        self._seconds = seconds
        self._patience = patience
        self._folder = folder
        self._stage = stage
        self._seen: list[Sighting] = []
        self._held_up_by: Sequence[str] = ()

    def run(self) -> Verdict:
        if self._fault.strikes_before_launch:
            self._stage.server.stop()
        names = NAMES[: self._fault.executors]
        wishes = {**self._stage.wishes, **self._fault.wishes}
        self._stage.executors += [Executor(name, self._folder, self._stage.url, wishes) for name in names]
        if self._fault.strikes_before_launch:
            for executor in self._stage.executors:
                executor.until("launching")
            self._fault.strike(self._stage, self._seconds)
            return self._recover()
        if not all(executor.until("launched") for executor in self._stage.executors):
            return self._verdict(Evidence(workflows={}, died=self._died()), None)
        with self._watching():
            time.sleep(WARM_UP_SECONDS)
            self._fault.strike(self._stage, self._seconds)
            return self._recover()

    def _recover(self) -> Verdict:
        ended_at, ended = time.time(), time.monotonic()
        deadline = ended + self._patience
        under_way = frozenset[str]() if self._fault.strikes_before_launch else self._under_way(deadline)
        recovered_in = None
        while time.monotonic() < deadline and recovered_in is None and not self._died():
            if _holds(lambda: self._has_recovered(under_way, ended_at)):
                recovered_in = time.monotonic() - ended
            else:
                time.sleep(LOOK_PAUSE_SECONDS)
        time.sleep(max(0.0, ended + AFTER_SECONDS - time.monotonic()))
        for executor in self._stage.executors:
            executor.rest()
        # Those who recovered late have as much time again for what was started meanwhile.
        deadline = max(deadline, time.monotonic() + self._patience / 2)
        while time.monotonic() < deadline and not _holds(self._rests):
            time.sleep(LOOK_PAUSE_SECONDS)
        return self._verdict(self._evidence(), recovered_in)

    def _evidence(self) -> Evidence:
        died = self._died()
        if len(died) == len(self._stage.executors):
            # There may be no tables to look at.
            return Evidence(workflows={}, died=died)
        return gathered(
            self._stage.database,
            self._folder,
            self._seen,
            doomed=frozenset(executor.name for executor in self._stage.executors if executor.is_doomed),
            stops={executor.name: executor.stopped for executor in self._stage.executors if executor.stopped},
            died=died,
            has_lost_history=self._fault.has_lost_history,
        )

    def _under_way(self, deadline: float) -> frozenset[str]:
        """What is under way at the end of the fault, of which the first sessions may still suffer."""
        while True:
            try:
                return self._unended()
            except OBSERVER_ERRORS:
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOOK_PAUSE_SECONDS)

    def _verdict(self, evidence: Evidence, recovered_in: float | None) -> Verdict:
        return Verdict(
            fault=self._fault,
            seconds=self._seconds,
            runs=len(evidence.workflows),
            findings={name: list(judge(evidence)) for name, judge in JUDGES.items()},
            recovered_in=recovered_in,
            held_up_by=self._held_up_by,
        )

    def _has_recovered(self, under_way: frozenset[str], since: float) -> bool:
        waiting = [f"{workflow_id} was under way" for workflow_id in sorted(under_way & self._unended())]
        done = self._stage.database.rows(
            "SELECT workflow_id FROM {prefix}workflows WHERE status = 'SUCCESS' AND parent_workflow_id IS NULL "
            f"AND created_at >= {since * 1000:.0f}"
        )
        working = {driver_of(workflow_id) for (workflow_id,) in done}
        living = [executor.name for executor in self._stage.executors if not executor.is_doomed]
        waiting += [f"{name} had done nothing new" for name in living if name not in working]
        if waiting:
            self._held_up_by = waiting
        return not waiting

    def _rests(self) -> bool:
        living = [executor.name for executor in self._stage.executors if executor.is_alive]
        waiting = unanswered(self._folder, living)
        if waiting and self._fault.has_lost_history:
            rows = self._stage.database.rows("SELECT workflow_id FROM {prefix}workflows")
            waiting &= {workflow_id for (workflow_id,) in rows}
        return not waiting and not self._unended()

    def _unended(self) -> frozenset[str]:
        rows = self._stage.database.rows(
            "SELECT workflow_id FROM {prefix}workflows WHERE status IN ('PENDING', 'ENQUEUED')"
        )
        return frozenset(workflow_id for (workflow_id,) in rows)

    def _died(self) -> dict[str, str]:
        return {
            executor.name: executor.last_words
            for executor in self._stage.executors
            if not executor.is_doomed and not executor.is_alive
        }

    @contextmanager
    def _watching(self) -> Generator[None]:
        """Note what runs from queues, whenever the database answers."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(LOOK_PAUSE_SECONDS):
                with contextlib.suppress(*OBSERVER_ERRORS):
                    self._seen.extend(sightings(self._stage.database, time.time()))

        # It may be asking a server that is frozen, which is killed only after this.
        watcher = threading.Thread(target=watch, name="watcher", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join(WATCHER_SECONDS)


def _holds(condition: Callable[[], bool]) -> bool:
    """Whether the database says so; not while it does not answer."""
    try:
        return condition()
    except OBSERVER_ERRORS:
        return False
