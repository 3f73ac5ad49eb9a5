"""Notices that running workflows were cancelled or taken over, where no signal says so."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from dbos_typed.core.engine import SAFETY_POLL_SECONDS, ActiveRuns
from dbos_typed.core.ports import Listener
from dbos_typed.core.run import Run
from dbos_typed.records import WorkflowRecord, WorkflowStatusString

CHANGED = ("changed",)
"""Heard only when everybody is woken because nobody can tell what changed."""
SHORTEST_PAUSE_SECONDS = 0.1
PAUSES_PER_LOOK = 20
"""With thousands of running workflows a look takes a while; this bounds the share of time that looking takes."""


class OwnershipWatch:
    """One thread that compares the runs of this process with what is stored.

    A database that pushes tells of cancellations itself, and a look now and then makes up for a signal that was lost;
    one that does not push is looked at whenever another process wrote to it.
    """

    def __init__(
        self,
        *,
        runs: ActiveRuns,
        owned: Callable[[], Mapping[str, int]],
        workflow: Callable[[str], WorkflowRecord | None],
        listener: Listener,
        logger: logging.Logger,
    ) -> None:
        """`owned` gives the run tokens of this executor's PENDING workflows by id, `workflow` what is stored of one."""
        self._runs = runs
        self._owned = owned
        self._workflow = workflow
        self._listener = listener
        self._logger = logger
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dbos-ownership", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Look no more. Idempotent."""
        self._stop.set()
        self._listener.publish([CHANGED])
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with self._listener.subscribe(CHANGED) as subscription:
            while not self._stop.is_set():
                subscription.wait(SAFETY_POLL_SECONDS)
                if self._stop.is_set():
                    return
                began = time.monotonic()
                try:
                    self._look()
                except Exception:
                    if not self._stop.is_set():
                        self._logger.debug("Whether workflows were cancelled could not be seen.", exc_info=True)
                self._stop.wait(max(SHORTEST_PAUSE_SECONDS, PAUSES_PER_LOOK * (time.monotonic() - began)))

    def _look(self) -> None:
        # Before what is stored is read: a run that begins afterwards is none that was lost.
        runs = self._runs.all()
        if not runs:
            return
        owned = self._owned()
        for run in runs:
            if run.outcome is None and owned.get(run.workflow_id) != run.token:
                self._tell(run, self._workflow(run.workflow_id))

    def _tell(self, run: Run, row: WorkflowRecord | None) -> None:
        if row is None or row.run_token != run.token:
            # It stops at its next call, or when it would store its outcome.
            run.is_superseded = True
        elif row.status is WorkflowStatusString.CANCELLED:
            self._listener.publish([("cancel", run.workflow_id, str(run.token))])
