"""What the generator and the rules say of a program: the only place here that knows how they are asked."""

from __future__ import annotations

from pathlib import Path

from dbos_gen.contract.comparison.changes import ContractChange, differences
from dbos_gen.contract.lock import from_text, to_text
from dbos_gen.generate import pipeline
from dbos_gen.program.program import Program
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import FunctionRef, Runtime
from dbos_gen.sources.config import load
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.contracts import Contract, Contracts
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.runtimes import ASYNC_SUFFIX, OPERATIONS

CHILD = "a workflow"
"""Stands for every call and every start of a workflow."""


def contracts(folder: Path) -> Contracts:
    """Return the contracts of a project as its lock file has them."""
    found = pipeline.scan(load(folder / "pyproject.toml"))
    assert not found.has_errors, found.diagnostics
    return from_text(to_text(found.contracts), "the lock file")


def changes(old: Path, new: Path) -> tuple[ContractChange, ...]:
    """Return what `dbos-gen diff` says; nothing stands for "0 changes"."""
    return differences(contracts(old), contracts(new))


class Rules:
    """The program below a folder as the rules see it."""

    def __init__(self, folder: Path) -> None:
        names = [f"shop.{path.stem}" for path in sorted((folder / "shop").glob("*.py"))]
        project = Project(folder, base=folder, diagnostics=Diagnostics())
        self._program = Program(project, modules=lambda: names)
        sources = [source for name in names if (source := project.load(name)) is not None]
        self._functions = [function for source in sources for function in self._program.functions(source)]

    def kinds(self, contract: Contract) -> frozenset[str]:
        """Return the names of the recorded calls that a workflow makes, also through others; `CHILD` for workflows."""
        return frozenset(name for function in self._of(contract) for name in self._reached(function))

    def records(self, contract: Contract) -> bool:
        """Whether a workflow makes recorded calls."""
        return any(self._program.makes_recorded_calls(function) for function in self._of(contract))

    def _of(self, contract: Contract) -> list[Function]:
        workflows = [each for each in self._functions if self._program.kind(each) is FunctionKind.WORKFLOW]
        place = (contract.module, contract.qualname)
        own = [each for each in workflows if (each.source.name, each.qualname) == place]
        # An inherited workflow stands where it is written.
        return own or [each for each in workflows if each.name == contract.qualname.rpartition(".")[2]]

    def _reached(self, function: Function) -> set[str]:
        found: set[str] = set()
        pending, seen = [function], {function}
        for current in pending:
            doing = self._program.calls.of(current)
            for use in doing.uses:
                if self._program.is_recorded_use(use):
                    found |= _names(use.value)
            for edge in doing.edges:
                if edge.target not in seen:
                    seen.add(edge.target)
                    pending.append(edge.target)
        return found


def _names(value: object) -> set[str]:
    match value:
        case FunctionRef(function=function, kind=kind):
            return {CHILD} if kind is FunctionKind.WORKFLOW else {function.qualname}
        case Runtime(name=name):
            owner, _, method = name.removesuffix(ASYNC_SUFFIX).rpartition(".")
            if method in ("start_workflow", "enqueue", "start"):
                return {CHILD}
            return set(OPERATIONS.get(method, ())) if owner == "DBOS" else set()
        case _:
            return set()
