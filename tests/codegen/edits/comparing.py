"""What the generator says of an edit, and which version the runtime gives it. Done in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dbos_gen.contract.classes.places import Places
from dbos_gen.contract.comparison.changes import ContractChange, Verdict, differences, worst
from dbos_gen.contract.lock import from_text, to_text
from dbos_gen.generate import pipeline
from dbos_gen.python.scopes.resolution import Resolver
from dbos_gen.sources.config import load
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_typed.api.registration import registry
from dbos_typed.core.version import compute_version
from tests.codegen.edits.processes import Job, imported, install_services


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of an application: its lock file and its version."""

    lock: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the tools say of an edit."""

    changes: tuple[ContractChange, ...]
    is_same_version: bool

    @property
    def verdict(self) -> Verdict:
        return worst(self.changes)

    def __str__(self) -> str:
        version = "the version is kept" if self.is_same_version else "the version changes"
        return "\n".join([f"{self.verdict.value}; {version}", *map(str, self.changes)])


def state(job: Job) -> State:
    """Return the state that a folder holds."""
    return State(lock=_lock(job.folder), version=_version(job))


def compare(job: Job, before: State) -> Compared:
    """Compare what a folder holds with an earlier state, as `dbos-gen diff` and the next launch do."""
    project = Project(job.folder, base=job.folder, diagnostics=Diagnostics())
    changes = differences(
        from_text(before.lock, "the old lock file"),
        from_text(_lock(job.folder), "the new lock file"),
        is_importable=Places(Resolver(project)).is_importable,
    )
    return Compared(changes=changes, is_same_version=_version(job) == before.version)


def _lock(folder: Path) -> str:
    scanned = pipeline.scan(load(folder / "pyproject.toml"))
    assert not scanned.has_errors, scanned.diagnostics
    return to_text(scanned.contracts)


def _version(job: Job) -> str:
    install_services(job)
    imported(job)
    return compute_version(registry.workflows())
