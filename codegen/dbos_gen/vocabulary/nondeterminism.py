"""What gives another answer when a workflow runs again, and why: one table of names, which the configuration extends.

The longest entry that fits a name decides; one with ``*`` does not stand for classes, most of which only describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dbos_gen.vocabulary import nondeterministic_names as names


@dataclass(frozen=True, slots=True, kw_only=True)
class Nondeterminism:
    """Why something must not stand in a workflow, and what to write instead."""

    reason: str
    remedy: str


def _in_a_step(what: str) -> str:
    return f"{what} in a function decorated with @DBOS.step() and use what it returns"


CLOCK = Nondeterminism(
    reason="reads the clock, which says something else when the workflow is recovered",
    remedy=_in_a_step("read the clock"),
)
RANDOM = Nondeterminism(
    reason="gives another value when the workflow is recovered", remedy=_in_a_step("choose the random value")
)
UUID = Nondeterminism(
    reason="gives another id when the workflow is recovered",
    remedy="make the id in a function decorated with @DBOS.step(), or derive it from DBOS.workflow_id",
)
ENVIRONMENT = Nondeterminism(
    reason="depends on the process, which is another one when the workflow is recovered",
    remedy="pass the value to the workflow as an argument, or read it in a function decorated with @DBOS.step()",
)
FILES = Nondeterminism(
    reason="uses the file system, which is not the same when the workflow is recovered",
    remedy=_in_a_step("use files"),
)
NETWORK = Nondeterminism(
    reason="uses the network, and does so again when the workflow is recovered", remedy=_in_a_step("make the request")
)
DATABASE = Nondeterminism(
    reason="uses a database outside of any record, and does so again when the workflow is recovered",
    remedy="move it into a function decorated with @DBOS.transaction(), or with @DBOS.step() for other databases",
)
PROCESS = Nondeterminism(
    reason="runs another program, and does so again when the workflow is recovered",
    remedy=_in_a_step("run the program"),
)
THREADS = Nondeterminism(
    reason="runs code at the same time in an order that nothing records",
    remedy="start child workflows with DBOS.start_workflow(), or use threads in a function decorated with @DBOS.step()",
)
SLEEP = Nondeterminism(
    reason="waits again from the beginning when the workflow is recovered", remedy="use DBOS.sleep()"
)
SLEEP_ASYNC = Nondeterminism(
    reason="waits again from the beginning when the workflow is recovered", remedy="use await DBOS.sleep_async()"
)
RACE = Nondeterminism(
    reason="lets what is fastest decide, which may be something else when the workflow is recovered",
    remedy="await the tasks in a fixed order, for example with asyncio.gather(), or wait inside a step",
)
INPUT = Nondeterminism(
    reason="asks a person, and does so again when the workflow is recovered",
    remedy="wait for a message with DBOS.recv(), or ask in a function decorated with @DBOS.step()",
)
SEEDED_BY_TIME = Nondeterminism(
    reason="is seeded differently when the workflow is recovered",
    remedy="give it a seed that does not change, or choose the random value in a function decorated with @DBOS.step()",
)

_CALLS = {
    CLOCK: names.CLOCK,
    RANDOM: names.RANDOM,
    UUID: names.UUID,
    ENVIRONMENT: names.ENVIRONMENT,
    FILES: names.FILES,
    NETWORK: names.NETWORK,
    DATABASE: names.DATABASE,
    PROCESS: names.PROCESS,
    THREADS: names.THREADS,
    SLEEP: names.SLEEP,
    SLEEP_ASYNC: names.SLEEP_ASYNC,
    RACE: names.RACE,
    INPUT: names.INPUT,
}
_READ = {ENVIRONMENT: names.READ}
_CLOSING = frozenset({"close", "aclose", "wait_closed", "shutdown"})


class Sources:
    """The table, with what the configuration adds and takes away."""

    def __init__(self, nondeterministic: Mapping[str, str] | None = None, deterministic: Iterable[str] = ()) -> None:
        self._calls: dict[str, Nondeterminism | None] = {}
        for what, called in _CALLS.items():
            self._calls.update(dict.fromkeys(called.split(), what))
        self._calls.update(dict.fromkeys(names.FINE.split(), None))
        self._reads = {name: what for what, read in _READ.items() for name in read.split()}
        self._declared: dict[str, Nondeterminism | None] = {}
        self.added: frozenset[str] = frozenset(nondeterministic or ())
        for name, remedy in (nondeterministic or {}).items():
            found = Nondeterminism(reason="is declared to give another answer each time", remedy=remedy)
            self._calls[name] = self._reads[name] = self._declared[name] = found
        self.removed: frozenset[str] = frozenset(deterministic)
        for name in self.removed:
            self._calls[name] = None
            self._reads.pop(name, None)

    def is_declared(self, name: str) -> bool:
        """Whether the configuration says anything of a function of the project."""
        return bool(self.added or self.removed) and (name in self.removed or self.declared(name) is not None)

    def declared(self, name: str) -> Nondeterminism | None:
        """Return why a function of the project must not be called in a workflow, as the configuration says."""
        return _longest(self._declared, name) if self._declared else None

    def called(self, name: str) -> Nondeterminism | None:
        """Return why a call of a name must not stand in a workflow, None when it may."""
        return _longest(self._calls, name)

    def read(self, name: str) -> Nondeterminism | None:
        """Return why a name must not even be read in a workflow, None when it may."""
        return self._reads.get(name)


def _longest(table: Mapping[str, Nondeterminism | None], name: str) -> Nondeterminism | None:
    if name in table:
        return table[name]
    end = len(name)
    while (end := name.rfind(".", 0, end)) > 0:
        pattern = f"{name[:end]}.*"
        if pattern in table:
            # Most classes of libraries describe something; those that connect are entries of their own.
            last = name.rpartition(".")[2]
            is_fine = last[:1].isupper() or last.startswith("__") or last in _CLOSING
            return None if is_fine else table[pattern]
    return None
