"""Runs programs under the real runtime, and reads what it recorded."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import itertools
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from dbos_typed import DBOS, SetWorkflowID, StepInfo
from dbos_typed.api.registration import registry
from dbos_typed.core.registry import LONE, Registry
from dbos_typed.core.version import compute_version
from dbos_typed.error import DBOSException
from tests.codegen.idioms.programs import MAIN, Program, Run

_WAIT_SECONDS = 20
_PACKAGE = "shop"
# Nothing here is about power that fails, and a folder in memory takes writes sooner.
_IN_MEMORY = Path("/dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A recorded call; `is_child` when it put a workflow under way or waited for one."""

    name: str
    is_child: bool
    has_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a run of a workflow recorded, in order; `run` is the expression that began it or its parent."""

    workflow: str
    run: str
    records: tuple[Record, ...]
    has_failed: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the calls are recorded."""
        return tuple(record.name for record in self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A program that is written below `folder`: what its runs recorded, and its application version.

    `qualnames` are those of the functions of its steps and transactions by the names under which these are recorded.
    """

    folder: Path
    qualnames: Mapping[str, str]
    histories: tuple[History, ...]
    version: str


class Runner:
    """Loads programs into one running runtime, one after another."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._numbers = itertools.count()

    def observe(self, program: Program) -> Observed:
        """Run a program as its table says, the workflows that it starts included."""
        folder = self.written(program)
        with self._loaded(folder) as names:
            histories = [
                history
                for index, run in enumerate(program.runs)
                for history in self._histories(run, f"{folder.name}-{index:03}", names)
            ]
            return Observed(
                folder=folder,
                qualnames={
                    name.removeprefix(LONE): definition.qualname
                    for name, found in registry._lone.items()
                    for definition in found.values()
                },
                histories=tuple(histories),
                version=compute_version(registry.workflows()),
            )

    def version(self, program: Program) -> str:
        """Return the application version of a program that is not run."""
        with self._loaded(self.written(program)):
            return compute_version(registry.workflows())

    def written(self, program: Program) -> Path:
        """Write a program into a folder of its own."""
        folder = self._folder / f"{next(self._numbers):05}"
        program.write(folder)
        return folder

    @contextmanager
    def _loaded(self, folder: Path) -> Iterator[dict[str, object]]:
        with self._monkeypatch.context() as patch:
            for name, value in vars(Registry()).items():
                patch.setattr(registry, name, value)
            patch.syspath_prepend(folder)
            for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
                patch.delitem(sys.modules, name)
            try:
                yield vars(importlib.import_module(f"{_PACKAGE}.{MAIN}"))
            finally:
                for name in [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]:
                    del sys.modules[name]

    def _histories(self, run: Run, workflow_id: str, names: dict[str, object]) -> Iterator[History]:
        with SetWorkflowID(workflow_id):
            error = _error_of(run, names)
        assert error == run.error, f"{run.expression} ended with {error or 'a result'}"
        for status in DBOS.list_workflows(workflow_id_prefix=workflow_id):
            if status.workflow_id != workflow_id:
                # What a child ends with is the business of its parent.
                with suppress(DBOSException, ArithmeticError, LookupError, ValueError):
                    DBOS.retrieve_workflow(status.workflow_id).get_result(_WAIT_SECONDS)
            ended = status if status.workflow_id == workflow_id else DBOS.get_workflow_status(status.workflow_id)
            assert ended is not None
            steps = DBOS.list_workflow_steps(status.workflow_id)
            records = tuple(_record(step) for step in steps)
            yield History(workflow=status.name, run=run.expression, records=records, has_failed=ended.status == "ERROR")


@contextmanager
def running(folder: Path) -> Iterator[Runner]:
    """Launch a runtime on an SQLite database of its own, and give what runs programs in it."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else folder
    with tempfile.TemporaryDirectory(dir=place) as database, pytest.MonkeyPatch.context() as patch:
        url = f"sqlite:///{database}/runs.sqlite"
        # Digests that earlier runs worked out are not asked.
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setattr(sys, "dont_write_bytecode", True)
        for name, value in vars(Registry()).items():
            patch.setattr(registry, name, value)
        DBOS(config={"name": "idioms", "database_url": url, "executor_id": "e", "application_version": "v"})
        DBOS.launch()
        try:
            yield Runner(folder, patch)
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=_WAIT_SECONDS)


def _error_of(run: Run, names: dict[str, object]) -> str:
    code = compile(run.expression, run.expression, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    try:
        found = eval(code, names)  # noqa: S307  # the test's own program
        if inspect.iscoroutine(found):
            asyncio.run(found)
    except Exception as error:  # noqa: BLE001  # the program says which
        return type(error).__name__
    return ""


def _record(step: StepInfo) -> Record:
    return Record(
        name=step["function_name"], is_child=step["child_workflow_id"] is not None, has_error=step["error"] is not None
    )
