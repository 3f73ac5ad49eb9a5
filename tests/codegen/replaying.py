"""Runs of one version of a module, killed after each thing they asked for and recovered by another version."""

from __future__ import annotations

import inspect
import sys
import threading
import time
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

import dbos_typed.runtime.runtime as composition
from dbos_typed import DBOS, SetWorkflowID, Workflow
from dbos_typed.api.registration import registry
from dbos_typed.core import context
from dbos_typed.core.effects import Effect
from dbos_typed.error import DBOSException
from dbos_typed.runtime import current
from dbos_typed.runtime.drivers import Drivers
from dbos_typed.runtime.runtime import Runtime

WAIT_SECONDS = 30
WHOLE = "run-whole"
MODULE = "shop.workflows"


class Killed(BaseException):
    """The process is gone. No `Exception`, so that nothing takes it for the outcome of a step."""


@dataclass(slots=True, kw_only=True)
class Deaths:
    """Which run dies after how many of its effects; counts the effects of all."""

    after: dict[str, int] = field(default_factory=dict[str, int])
    counts: Counter[str] = field(default_factory=Counter[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Kill the running workflow when its time has come."""
        run = context.current().run
        if run is None:
            return
        with self._lock:
            if self.counts[run.workflow_id] == self.after.get(run.workflow_id, -1):
                raise Killed
            self.counts[run.workflow_id] += 1


class MortalDrivers(Drivers):
    """Drivers under which runs die before a chosen effect."""

    def __init__(self, deaths: Deaths, **collaborators: Any) -> None:
        super().__init__(**collaborators)
        self._deaths = deaths

    def perform(self, effect: Effect[Any]) -> Any:
        self._deaths.begin()
        return super().perform(effect)

    async def perform_async(self, effect: Effect[Any]) -> Any:
        self._deaths.begin()
        return await super().perform_async(effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How each run went on under the new code, by the effects after which it was killed; None: it succeeded."""

    problems: dict[int, str | None]

    @property
    def failed(self) -> set[int]:
        return {place for place, problem in self.problems.items() if problem is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run: `run` of each source with `arguments`; `messages` are (topic, message) sent to each run first."""

    old: str
    new: str
    arguments: Sequence[Any]
    messages: Sequence[tuple[str, Any]]


class Laboratory:
    """One database on which the old code dies and the new code recovers."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._url = url
        self._monkeypatch = monkeypatch
        self._deaths = Deaths()
        monkeypatch.setattr(composition, "Drivers", lambda **given: MortalDrivers(self._deaths, **given))

    def recover(self, plan: Plan) -> Recovered:
        """Kill a run after each of its effects, and let the new code recover all of them."""
        with self._launched(plan.old, is_old=True) as workflow:
            self._start(workflow, WHOLE, plan)
            self._until_ended([WHOLE])
            effects = self._deaths.counts[WHOLE]
            ids = {place: f"run-{place:02}" for place in range(effects)}
            self._deaths.after = {workflow_id: place for place, workflow_id in ids.items()}
            for workflow_id in ids.values():
                self._start(workflow, workflow_id, plan)
            self._until_ended(ids.values())
        self._deaths.after = {}
        with self._launched(plan.new, is_old=False) as workflow:
            self._until_ended(ids.values())
            problems = {place: _problem(workflow, workflow_id) for place, workflow_id in ids.items()}
            problems[effects] = _problem(workflow, WHOLE)
        return Recovered(problems=problems)

    @contextmanager
    def _launched(self, source: str, *, is_old: bool) -> Iterator[Workflow[..., Any] | None]:
        for name in ("_workflows", "_queues", "_classes", "_instances"):
            self._monkeypatch.setattr(registry, name, {})
        module = types.ModuleType(MODULE)
        self._monkeypatch.setitem(sys.modules, MODULE, module)
        exec(compile(source, f"{MODULE} {'old' if is_old else 'new'}", "exec", dont_inherit=True), module.__dict__)  # noqa: S102  # the test's own source
        DBOS(config={"name": "lab", "database_url": self._url, "executor_id": "e", "application_version": "v"})
        DBOS.launch()
        try:
            yield getattr(module, "run", None)
        finally:
            began = time.monotonic()
            DBOS.destroy(workflow_completion_timeout_sec=WAIT_SECONDS)
            assert time.monotonic() - began < WAIT_SECONDS / 2, "a thread outlived its runtime"

    def _start(self, workflow: Workflow[..., Any] | None, workflow_id: str, plan: Plan) -> None:
        assert workflow is not None
        with SetWorkflowID(workflow_id):
            DBOS.start_workflow(workflow, *plan.arguments)
        for topic, message in plan.messages:
            DBOS.send(workflow_id, message, topic)

    def _until_ended(self, workflow_ids: Sequence[str] | Any) -> None:
        launched = current.get()
        assert isinstance(launched, Runtime)
        deadline = time.monotonic() + WAIT_SECONDS
        for workflow_id in workflow_ids:
            with launched._hub.subscribe(("done", workflow_id)) as subscription:
                while launched.engine.runs.is_active(workflow_id):
                    assert time.monotonic() < deadline, f"{workflow_id} did not end"
                    subscription.wait(1)


def _problem(workflow: Workflow[..., Any] | None, workflow_id: str) -> str | None:
    status = DBOS.get_workflow_status(workflow_id)
    assert status is not None
    if status.status == "PENDING" or workflow is None:
        return "it was not recovered"
    declared = inspect.get_annotations(workflow.definition.function)["return"]
    try:
        result = DBOS.retrieve_workflow(workflow_id, workflow=workflow).get_result(WAIT_SECONDS)
    except (DBOSException, TypeError, ValueError, AttributeError, LookupError) as error:
        return f"{type(error).__name__}: {error}"
    return None if isinstance(result, declared) else f"the result is {result!r}"
