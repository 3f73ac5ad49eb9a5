"""Runs the old code of each application once, and puts edits to the test, some at a time."""

from __future__ import annotations

import multiprocessing
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import ParamSpec, TypeVar

from tests.codegen.edits import comparing, processes
from tests.codegen.edits.comparing import Compared, State
from tests.codegen.edits.edit import Application, Edit
from tests.codegen.edits.judging import Place, places
from tests.codegen.edits.processes import Job, Recorded

P = ParamSpec("P")
R = TypeVar("R")
Trial = tuple[Application, Edit]
_WORKERS = 2
_PRELOADED = [
    "tests.codegen.edits.comparing",
    "dbos_gen.launch.contract_digests",
    "alembic.command",
    "dbos_typed.storage.sqlite",
]


class Laboratory:
    """Puts edits to the test, each in a process that has imported no other state of its application.

    What is asked for is kept; `ahead` is how many of the next edits are begun with one.
    """

    def __init__(self, root: Path, *, ahead: int) -> None:
        self._root = root
        self._ahead = ahead
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)
        self._recorded: dict[str, Recorded] = {}
        self._states: dict[str, State] = {}
        self._compared: dict[str, Future[Compared]] = {}
        self._places: dict[str, Future[list[Place]]] = {}
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(_PRELOADED)
        self._processes = ProcessPoolExecutor(_WORKERS, mp_context=server, max_tasks_per_child=1)
        self._threads = ThreadPoolExecutor(_WORKERS)

    def close(self) -> None:
        """Forget what has not begun."""
        self._threads.shutdown(cancel_futures=True)
        self._processes.shutdown(cancel_futures=True)

    def recorded(self, application: Application) -> Recorded:
        """Return what the old code does."""
        with self._locks[application.name]:
            if application.name not in self._recorded:
                job = self._job(application, None)
                self._recorded[application.name] = self._in_process(processes.record, job)
            return self._recorded[application.name]

    def compared(self, trial: Trial, trials: list[Trial]) -> Compared:
        """Return what the tools say of an edit, and begin with those that follow it in `trials`."""
        return self._found(self._compared, self._compare, trial, trials)

    def places(self, trial: Trial, trials: list[Trial]) -> list[Place]:
        """Return what became of runs under way, and begin with the edits that follow in `trials`."""
        return self._found(self._places, self._recover, trial, trials)

    def _found(
        self, known: dict[str, Future[R]], make: Callable[[Application, Edit], R], trial: Trial, trials: list[Trial]
    ) -> R:
        index = trials.index(trial)
        for application, edit in trials[index : index + self._ahead + 1]:
            key = name_of((application, edit))
            if key not in known:
                known[key] = self._threads.submit(make, application, edit)
        return known[name_of(trial)].result()

    def _compare(self, application: Application, edit: Edit) -> Compared:
        with self._locks[application.name]:
            if application.name not in self._states:
                job = self._job(application, None)
                self._states[application.name] = self._in_process(comparing.state, job)
        return self._in_process(comparing.compare, self._job(application, edit), self._states[application.name])

    def _recover(self, application: Application, edit: Edit) -> list[Place]:
        recorded = self.recorded(application)
        job = self._job(application, edit)
        recovered = self._in_process(processes.recover, job, recorded, self._job(application, None).database)
        return list(places(recorded, recovered))

    def _job(self, application: Application, edit: Edit | None) -> Job:
        number = "old" if edit is None else f"{application.edits.index(edit):02}"
        folder = self._root / f"{application.name}-{number}"
        if not folder.exists():
            _write(folder, application, application.sources() if edit is None else application.edited(edit))
        return Job(
            folder=folder,
            package=application.name,
            scenarios=application.scenarios,
            database=folder / "runs.sqlite",
        )

    def _in_process(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return self._processes.submit(function, *args, **kwargs).result()


def name_of(trial: Trial) -> str:
    """Return the name of a trial."""
    application, edit = trial
    return f"{application.name}: {edit.name}"


def _write(folder: Path, application: Application, sources: dict[str, str]) -> None:
    for path, text in sources.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    config = f'[tool.dbos-gen]\nmodules = ["{application.name}.*"]\noutput = "{application.name}.generated"\n'
    (folder / "pyproject.toml").write_text(config, encoding="utf-8")
