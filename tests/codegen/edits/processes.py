"""What is done in processes of their own: the old code runs and is killed; the new code recovers. Each is fresh."""

from __future__ import annotations

import importlib
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import dbos_typed.runtime.runtime as composition
from dbos_typed import DBOS, SetWorkflowID
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.codegen.edits.edit import Scenario
from tests.codegen.edits.mortality import Deaths, MortalDrivers
from tests.codegen.edits.observing import Tree, put_back, trees, unfinished
from tests.codegen.edits.services import MODULE, Services, tree_id

_WAIT_SECONDS = 60
_STUCK_SECONDS = 0.5
_LOOK_SECONDS = 0.01
_QUIET_LOOKS = 25
WHOLE = 99
FRESH = 98


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the old code did: whole trees by scenario, and what killed ones did outside."""

    whole: Mapping[str, Tree]
    ledger: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What became of the trees that the old code left, and new runs by scenario, as far as they could be started."""

    trees: Mapping[str, Tree]
    fresh: Mapping[str, Tree]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Sources in a folder, which is a root of imports, the package that is run, and where."""

    folder: Path
    package: str
    scenarios: tuple[Scenario, ...]
    database: Path


def record(job: Job) -> Recorded:
    """Run each scenario to its end, and kill it after each of its commits."""
    services = install_services(job)
    flows = imported(job)
    deaths = Deaths()
    with _launched(job, deaths):
        for scenario in job.scenarios:
            _start(flows, scenario, WHOLE)
        _until_quiet(job.database, deaths)
        for scenario in job.scenarios:
            for place in range(deaths.commits[tree_id(scenario.name, WHOLE)]):
                deaths.after[tree_id(scenario.name, place)] = place
                _start(flows, scenario, place)
        _until_quiet(job.database, deaths)
        whole = _of_number(trees(job.database, services.ledger), WHOLE)
    put_back(job.database, deaths.begun)
    return Recorded(whole=whole, ledger={tree: dict(each) for tree, each in services.ledger.items()})


def recover(job: Job, recorded: Recorded, database: Path) -> Recovered:
    """Let other code recover what is left in a copy of `database`, and run each scenario anew."""
    shutil.copyfile(database, job.database)
    services = install_services(job)
    services.ledger.update({tree: Counter(each) for tree, each in recorded.ledger.items()})
    flows = imported(job)
    deaths = Deaths()
    with _launched(job, deaths):
        for scenario in job.scenarios:
            try:
                _start(flows, scenario, FRESH)
            except (TypeError, AttributeError, NameError):
                # Callers have to follow the edit; what new runs do is not known then.
                continue
        _until_quiet(job.database, deaths)
        found = trees(job.database, services.ledger)
    fresh = _of_number(found, FRESH)
    left = {tree: each for tree, each in found.items() if int(tree.partition("@")[2]) not in {FRESH, WHOLE}}
    return Recovered(trees=left, fresh=fresh)


def _of_number(found: Mapping[str, Tree], number: int) -> dict[str, Tree]:
    return {tree.partition("@")[0]: each for tree, each in found.items() if int(tree.partition("@")[2]) == number}


def install_services(job: Job) -> Services:
    """Let the application find its services."""
    services = Services({scenario.name: scenario for scenario in job.scenarios})
    sys.modules[MODULE] = services.module()
    return services


def imported(job: Job) -> ModuleType:
    """Import the application and return its module of workflows."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(job.folder))
    return importlib.import_module(f"{job.package}.flows")


@contextmanager
def _launched(job: Job, deaths: Deaths) -> Iterator[None]:
    setattr(composition, "Drivers", lambda **given: MortalDrivers(deaths, **given))  # noqa: B010  # a lambda for a class
    DBOS(
        config={
            "name": "edits",
            "database_url": f"sqlite:///{job.database}",
            "executor_id": "e",
            "application_version": "v",
            "log_level": "CRITICAL",
        }
    )
    DBOS.launch()
    try:
        yield
    finally:
        DBOS.destroy()


def _start(flows: ModuleType, scenario: Scenario, number: int) -> None:
    root = tree_id(scenario.name, number)
    names = vars(flows)
    arguments = eval(f"({scenario.arguments.replace('{id}', root)},)", names)  # noqa: S307  # the test's own source
    messages = [(topic, eval(message, names)) for topic, message in scenario.messages]  # noqa: S307  # as above
    with SetWorkflowID(root):
        DBOS.start_workflow(eval(scenario.workflow, names), *arguments)  # noqa: S307  # as above
    for topic, message in messages:
        DBOS.send(root, message, topic)


def _until_quiet(database: Path, deaths: Deaths) -> None:
    """Wait until every run has ended, is dead, or can never go on."""
    launched = current.get()
    assert isinstance(launched, Runtime)
    deadline = time.monotonic() + _WAIT_SECONDS
    quiet_looks = 0
    while left := unfinished(database):
        active = sum(launched.engine.runs.is_active(workflow_id) for workflow_id in left)
        # On a busy machine a thread may be held up for long, and then so is this one: looks count, not only seconds.
        is_quiet = deaths.silence > _LOOK_SECONDS and active <= deaths.waits
        quiet_looks = quiet_looks + 1 if is_quiet else 0
        if quiet_looks >= _QUIET_LOOKS and deaths.silence > _STUCK_SECONDS:
            return
        assert time.monotonic() < deadline, f"{left} did not end"
        time.sleep(_LOOK_SECONDS)
