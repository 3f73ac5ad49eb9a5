"""From configuration to files: read what has changed, check names, render, compare, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.contract.lock import FILE_NAME, compose, contract_part, shape_part
from dbos_gen.generate.name_conflicts import check_names, check_registrations, output_paths, package_paths
from dbos_gen.generate.output_files import Action, FileChange, apply, check_places, compare, lock_change, unchanged
from dbos_gen.generate.progress import Progress, silent
from dbos_gen.generate.unstorable_names import check_storable
from dbos_gen.module_scanner import ModuleScanner
from dbos_gen.sources.cache import Cache, CachedModule, LockParts, Registration, key_of, load, load_parts, store
from dbos_gen.sources.config import Config
from dbos_gen.sources.discovery import discover
from dbos_gen.sources.file_states import Files, digest
from dbos_gen.sources.project import Project, imported
from dbos_gen.sources.roots import EVERYTHING
from dbos_gen.vocabulary.contracts import Contracts
from dbos_gen.vocabulary.diagnostics import Code, Diagnostic, Diagnostics, Level
from dbos_gen.vocabulary.model import Module


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The modules that have workflows, and what is wrong with them."""

    modules: tuple[Module, ...]
    diagnostics: tuple[Diagnostic, ...]
    has_errors: bool

    @property
    def contracts(self) -> Contracts:
        """The contracts of all modules."""
        workflows = {contract.name: contract for module in self.modules for contract in module.contracts}
        shapes = {name: shape for module in self.modules for name, shape in module.shapes.items()}
        return Contracts(workflows=workflows, shapes=shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationResult:
    """What a run found; ``changes`` is empty when errors stopped it before the output was planned.

    ``rescanned`` are the modules that were read because they, or what they use, are not as they were.
    """

    changes: tuple[FileChange, ...]
    diagnostics: tuple[Diagnostic, ...]
    has_errors: bool
    workflow_count: int
    module_count: int
    rescanned: tuple[str, ...]

    @property
    def drift(self) -> tuple[FileChange, ...]:
        """The changes that are not ``SAME``."""
        return tuple(change for change in self.changes if change.action is not Action.SAME)


def scan(config: Config) -> Scan:
    """Read the modules and report what is wrong with them; nothing is rendered."""
    update = _Update(config, use_cache=False)
    entries = update.read()
    check_registrations(entries, update.diagnostics)
    return Scan(
        modules=tuple(update.fresh[entry.name] for entry in entries),
        diagnostics=update.diagnostics.sorted(),
        has_errors=update.diagnostics.has_errors,
    )


def check(config: Config, *, use_cache: bool = True, progress: Progress = silent) -> GenerationResult:
    """Compare the output package and the lock file with what they should be; only the cache is written."""
    update = _Update(config, use_cache=use_cache, progress=progress)
    changes = update.plan()
    update.remember()
    return update.result(changes)


def generate(config: Config, *, use_cache: bool = True, progress: Progress = silent) -> GenerationResult:
    """Bring the output package and the lock file up to date; with errors, they stay as they were."""
    update = _Update(config, use_cache=use_cache, progress=progress)
    changes = update.plan()
    if not update.diagnostics.has_errors:
        apply(changes, config.output_folder, diagnostics=update.diagnostics)
        for change in changes:
            if change.action is not Action.SAME:
                update.cache.files.forget(change.file)
    update.remember()
    return update.result(changes)


def lock_text(config: Config, result: GenerationResult) -> str:
    """Return the lock file as the sources say it, whatever is on disk."""
    file = config.project / FILE_NAME
    change = next(change for change in result.changes if change.file == file)
    return change.after or file.read_text(encoding="utf-8")


class _Update:
    """One run: entries of unchanged modules come from the cache, the others from their sources (``fresh``)."""

    def __init__(self, config: Config, *, use_cache: bool, progress: Progress = silent) -> None:
        self._progress = progress
        self.diagnostics = Diagnostics()
        self.fresh: dict[str, Module] = {}
        self._config = config
        self._project = Project(config.root, base=config.project, diagnostics=self.diagnostics)
        self._selected: list[str] = []
        self._program: list[str] | None = None
        self._whole_before: str | None = None
        self._whole_now = ""
        self._scanner = ModuleScanner(
            self._project,
            self.diagnostics,
            runtime=config.runtime,
            modules=lambda: imported(self._project, self._selected),
        )
        self._first_party = self._project.top_level_names()
        settings = (
            *config.modules,
            config.output,
            config.runtime,
            config.root.relative_to(config.root.anchor).as_posix(),
        )
        self._key = key_of((*settings, *sorted(self._first_party)))
        self._uses_cache = use_cache
        self.cache = load(config.project, self._key) if use_cache else Cache.empty()
        self._all: dict[str, CachedModule] = {}
        self._entries: list[CachedModule] = []
        self._uncached: set[str] = set()
        self._parts: dict[str, LockParts] | None = None
        self._package: dict[str, str] = {}
        self._lock = ""

    def read(self) -> list[CachedModule]:
        """Return the entries of the modules that have workflows."""
        selected = discover(self._config, self._project, self.diagnostics)
        self._selected = [selection.name for selection in selected]
        for index, selection in enumerate(selected):
            self._progress("reading", index, len(selected))
            entry = self._known(selection.name) or self._scan(selection.name)
            if entry is None:
                continue
            self._all[entry.name] = entry
            if entry.registrations:
                self._entries.append(entry)
            elif selection.is_explicit and not self.diagnostics.mentions(entry.path):
                text = f"{selection.name} defines no workflows"
                self.diagnostics.add(Code.DG006, entry.path, 0, text, "remove it from `modules`")
        return self._entries

    def plan(self) -> tuple[FileChange, ...]:
        """Return what would happen to every file."""
        entries = self.read()
        check_registrations(entries, self.diagnostics)
        places = output_paths(entries, self._config, self.diagnostics)
        check_places(self._places(places.values()), base=self._config.root, diagnostics=self.diagnostics)
        if self.diagnostics.has_errors:
            return ()
        texts: dict[str, str] = {}
        same: list[str] = []
        for index, entry in enumerate(entries):
            self._progress("generating", index, len(entries))
            place = places[entry.name]
            if entry.name not in self.fresh and self._stands(entry.outputs, (f"{place}.py", f"{place}.pyi")):
                same.extend(entry.outputs)
            else:
                entries[index] = self._rendered(entry, place, texts)
        lock = self._lock_change()
        self._add_package(places, texts, same)
        changes = (
            *compare(texts, same, self._config.output_folder, base=self._config.project, diagnostics=self.diagnostics),
            lock,
        )
        return tuple(sorted(changes, key=lambda change: change.shown))

    def _places(self, places: Iterable[str]) -> list[Path]:
        folder = self._config.output_folder
        return [folder / "__init__.py", *(folder / f"{place}.py" for place in places)]

    def remember(self) -> None:
        """Write the cache if anything is not as it was."""
        if not self._uses_cache or (not self.fresh and self._parts is None and self._package == self.cache.package):
            return
        self._all.update((entry.name, entry) for entry in self._entries)
        kept = {name: entry for name, entry in self._all.items() if name not in self._uncached}
        for entry in kept.values():
            for output in entry.outputs:
                self.cache.files.digest(self._config.output_folder / output)
        for output in self._package:
            self.cache.files.digest(self._config.output_folder / output)
        self.cache.files.digest(self._config.project / FILE_NAME)
        self.cache.entries, self.cache.package, self.cache.lock = kept, self._package, self._lock
        if self._program is not None:
            self.cache.program = self._program
        store(self._config.project, self._key, self.cache, self._parts)

    def result(self, changes: tuple[FileChange, ...]) -> GenerationResult:
        """Return what is reported."""
        return GenerationResult(
            changes=() if self.diagnostics.has_errors and not changes else changes,
            diagnostics=self.diagnostics.sorted(),
            has_errors=self.diagnostics.has_errors,
            workflow_count=sum(len(entry.registrations) for entry in self._entries),
            module_count=len(self._entries),
            rescanned=tuple(sorted(self.fresh)),
        )

    def _known(self, name: str) -> CachedModule | None:
        """Return the entry of a module if nothing that it was made from has changed."""
        entry = self.cache.entries.get(name)
        files = self.cache.files
        if entry is None or any(self._state(other, files) != state for other, state in entry.depends.items()):
            return None
        self.diagnostics.extend(entry.diagnostics)
        return entry

    def _state(self, name: str, files: Files) -> str:
        if name != EVERYTHING:
            return self._project.state(name, files)
        if self._whole_before is None:
            self._whole_before = self._whole(self.cache.program, files)
        return self._whole_before

    def _whole(self, program: Iterable[str], files: Files) -> str:
        """Return a digest of all modules of the program, and of which are selected."""
        states = [f"{name}={self._project.state(name, files)}" for name in program]
        return digest("\n".join([*self._selected, "", *states]).encode("utf-8", "surrogatepass"))

    def _depends(self, asked: Iterable[str]) -> dict[str, str]:
        states = self._project.states(asked, self.cache.files)
        if EVERYTHING in states:
            if self._program is None:
                self._program = imported(self._project, self._selected)
                self._whole_now = self._whole(self._program, self.cache.files)
            states[EVERYTHING] = self._whole_now
        return states

    def _scan(self, name: str) -> CachedModule | None:
        with self._project.asking() as asked, self.diagnostics.collecting() as found:
            module = self._scanner.scan(name)
            if module is None:
                return None
            check_names(module, self.diagnostics)
            check_storable(module, self.diagnostics)
        self.fresh[name] = module
        has_error = any(diagnostic.level is Level.ERROR for diagnostic in found)
        if has_error or any(self._project.is_broken(other) for other in asked):
            self._uncached.add(name)
        return CachedModule(
            name=name,
            path=module.path,
            registrations=tuple(
                Registration(
                    qualname=workflow.qualname,
                    name=workflow.name,
                    line=workflow.line,
                    is_inherited=workflow.is_inherited,
                )
                for workflow in module.workflows
            ),
            depends=self._depends(asked),
            outputs={},
            diagnostics=tuple(found),
        )

    def _stands(self, outputs: Mapping[str, str], wanted: Iterable[str]) -> bool:
        folder, files = self._config.output_folder, self.cache.files
        return set(outputs) == set(wanted) and all(
            files.digest(folder / output) == content for output, content in outputs.items()
        )

    def _rendered(self, entry: CachedModule, place: str, texts: dict[str, str]) -> CachedModule:
        # Importing the templates' engine takes as long as everything else when nothing has changed.
        from dbos_gen.generate.rendering import render_module  # noqa: PLC0415  # start-up cost

        if entry.name not in self.fresh:
            entry = self._scan(entry.name) or entry
        made = {
            file.path: file.text
            for file in render_module(self.fresh[entry.name], place, self._first_party, self._config.refs)
        }
        texts.update(made)
        return entry.with_outputs({path: digest(text.encode()) for path, text in made.items()})

    def _add_package(self, places: dict[str, str], texts: dict[str, str], same: list[str]) -> None:
        wanted = package_paths(places.values(), self._config)
        if self._stands(self.cache.package, wanted):
            self._package = self.cache.package
            same.extend(self._package)
            return
        from dbos_gen.generate.rendering import render_package  # noqa: PLC0415  # as above

        made = {file.path: file.text for file in render_package(wanted)}
        texts.update(made)
        self._package = {path: digest(text.encode()) for path, text in made.items()}

    def _lock_change(self) -> FileChange:
        file = self._config.project / FILE_NAME
        is_same_set = {entry.name for entry in self._entries} <= set(self.cache.entries) and not self.fresh
        had = {entry.name for entry in self.cache.entries.values() if entry.registrations}
        if is_same_set and len(had) == len(self._entries) and self.cache.files.digest(file) == self.cache.lock:
            self._lock = self.cache.lock
            return unchanged(file, base=self._config.project)
        self._parts = self._all_parts()
        workflows = {name: text for parts in self._parts.values() for name, text in parts.contracts.items()}
        shapes = {name: text for parts in self._parts.values() for name, text in parts.shapes.items()}
        text = compose(workflows, shapes)
        self._lock = digest(text.encode("utf-8", "surrogatepass"))
        return lock_change(file, text, base=self._config.project, diagnostics=self.diagnostics)

    def _all_parts(self) -> dict[str, LockParts]:
        is_cold = all(entry.name in self.fresh for entry in self._entries)
        known = {} if is_cold else load_parts(self._config.project, self._key)
        found: dict[str, LockParts] = {}
        for entry in self._entries:
            if entry.name not in self.fresh and entry.name not in known:
                self._scan(entry.name)
            module = self.fresh.get(entry.name)
            found[entry.name] = (
                known[entry.name]
                if module is None
                else LockParts(
                    contracts={contract.name: contract_part(contract) for contract in module.contracts},
                    shapes={name: shape_part(shape) for name, shape in module.shapes.items()},
                )
            )
        return found
