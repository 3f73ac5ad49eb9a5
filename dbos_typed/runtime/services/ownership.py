"""Compares what this executor owns with what it runs: every row has its run, and every run its row."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.core.ports import OWNERSHIP_SIGNAL, Listener
from dbos_typed.core.run import Run
from dbos_typed.records import WorkflowRecord, WorkflowStatusString

LOOK_SECONDS = 1.75
"""How often it looks at least: what nobody runs is begun anew within two seconds."""
SHORTEST_PAUSE_SECONDS = 0.1
PAUSES_PER_LOOK = 20
"""With thousands of running workflows a look takes a while; the pause after it grows with it, up to LOOK_SECONDS."""


class OwnershipWatch:
    """Notices runs whose workflow was cancelled or taken over where no signal says so, and workflows without a run.

    A workflow is left without a run when the call that claimed it was given up or failed, when its event loop ended or
    its task was cancelled, and when somebody else changed the database, such as by restoring a backup.
    """

    name = "dbos-ownership"

    def __init__(
        self,
        *,
        runs: ActiveRuns,
        owned: Callable[[], Mapping[str, int]],
        workflow: Callable[[str], WorkflowRecord | None],
        release_stopped_loops: Callable[[], None],
        begin: Callable[[Sequence[str]], None],
        listener: Listener,
    ) -> None:
        """`owned` gives the run tokens of this executor's PENDING workflows by id, `workflow` what is stored of one.

        `begin` is given the ids of workflows that nobody runs.
        """
        self._runs = runs
        self._owned = owned
        self._workflow = workflow
        self._release_stopped_loops = release_stopped_loops
        self._begin = begin
        self._listener = listener

    def run(self, stop: threading.Event) -> None:
        with self._listener.subscribe(OWNERSHIP_SIGNAL) as subscription:
            while not stop.is_set():
                began = time.monotonic()
                self._look()
                took = time.monotonic() - began
                # Bounded, because a look lasts for as long as the database does not answer.
                pause = min(max(SHORTEST_PAUSE_SECONDS, PAUSES_PER_LOOK * took), LOOK_SECONDS)
                if stop.wait(pause):
                    return
                subscription.wait(LOOK_SECONDS - pause)

    def wake(self) -> None:
        self._listener.publish([OWNERSHIP_SIGNAL])

    def _look(self) -> None:
        self._release_stopped_loops()
        # Before what is stored is read: a run that begins afterwards is none that was lost.
        runs = self._runs.all()
        owned = self._owned()
        for run in runs:
            if run.outcome is None and owned.get(run.workflow_id) != run.token:
                self._tell(run, self._workflow(run.workflow_id))
        self._runs.drop_forgotten()
        self._runs.forget_stopped(owned)
        # After it was read: a claim that is announced later is none that was forgotten.
        orphans = self._runs.orphans(owned)
        if orphans:
            self._begin(orphans)

    def _tell(self, run: Run, row: WorkflowRecord | None) -> None:
        # One that was put back on its queue is the next one's who takes it from there.
        if row is None or row.run_token != run.token or row.status is WorkflowStatusString.ENQUEUED:
            run.is_superseded = True
            # It stops at its next call, or now if it waits.
            self._listener.publish([("cancel", run.workflow_id)])
        elif row.status is WorkflowStatusString.CANCELLED:
            self._listener.publish([("cancel", run.workflow_id, str(run.token))])
