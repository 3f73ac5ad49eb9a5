"""What the whole-program rules find in the modules that mypy checks, worked out once and remembered between runs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile
from mypy.options import Options

from dbos_gen.check.module_findings import ModuleFindings, States, Task, finding_as_json, type_as_json
from dbos_gen.vocabulary.findings import OPTIONAL, Finding, KnownType
from dbos_typed_mypy.config import ConfigError
from dbos_typed_mypy.store import Store

if TYPE_CHECKING:
    from dbos_gen.check.background import BackgroundChecks
    from dbos_gen.check.module_search import ModuleSearch
    from dbos_gen.sources.config import Config

_FOLDER: Final = "dbos_typed"
_FOREIGN: Final = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages", "typeshed"))
_OWN: Final = frozenset({"dbos_typed", "dbos_gen", "dbos_gen_templates", "dbos_typed_mypy"})
_LOCK: Final = "workflows.lock.json"
_WORTH_A_PROCESS: Final = 30
FAILURE: Final = "failure"
"""The code of a finding that says why a module could not be checked: a mistake in the rules, not in the module."""


class Engine:
    """Asks the rules about one module at a time.

    ``key`` stands for the rules themselves: what was found by others is not valid. ``enabled`` are optional codes that
    the plugin's own options switch on. ConfigError: the options in pyproject.toml cannot be used.
    """

    def __init__(self, options: Options, key: str, enabled: Iterable[str] = ()) -> None:
        self._base = os.path.realpath(os.curdir)
        self._cwd = Path(self._base)
        self._enabled = OPTIONAL.intersection((*enabled, *options.enable_error_code))
        self._mypy_path = options.mypy_path
        self._store = Store(_cache_folder(options), self._store_key(key))
        self._states = States(self._store.files)
        self._found: dict[Task, ModuleFindings] = {}
        self._imported: dict[str, tuple[str, ...]] = {}
        self._may_go_ahead = not options.fine_grained_incremental and not options.num_workers
        self._expected: list[Task] = []
        self._ahead: BackgroundChecks | None = None
        self._searching: ModuleSearch | None = None
        if not self._store.is_begun:
            # Options that were used before need no second look.
            _ = self._config

    @cached_property
    def _config(self) -> Config:
        from dbos_gen.sources import config  # noqa: PLC0415  # start-up cost: see `_search`

        try:
            return config.load_for_rules(config.nearest(self._cwd)).with_enabled(self._enabled)
        except config.ConfigError as error:
            raise ConfigError(str(error)) from None

    @cached_property
    def _given(self) -> tuple[str, ...]:
        folders = (*self._mypy_path, str(self._config.root), self._base)
        return tuple(dict.fromkeys(self._absolute(folder) for folder in folders))

    @property
    def _search(self) -> ModuleSearch:
        # Most runs find everything as it was, and importing the rules would take them longer than all the rest.
        from dbos_gen.check.module_search import ModuleSearch  # noqa: PLC0415  # start-up cost

        if self._searching is None:
            self._searching = ModuleSearch(self._base, self._config, self._store.files)
        return self._searching

    def is_project_module(self, module: str, path: str) -> bool:
        """Whether the rules are asked about the module: source of the user's, and no stub."""
        if not path.endswith(".py") and module != "__main__":
            return False
        return module.partition(".")[0] not in _OWN and not any(part in path for part in _FOREIGN)

    def expect(self, module: str, path: str) -> None:
        """Take notice of a module that mypy has read and will check: where there are many, look for findings now."""
        if not self._may_go_ahead or not self.is_project_module(module, path):
            return
        absolute = self._absolute(path)
        if self._store.get(module, absolute) is not None:
            return
        self._expected.append((module, absolute, self._roots_for(module, absolute, ())))
        if self._ahead is None and len(self._expected) == _WORTH_A_PROCESS:
            self._ahead = self._go_ahead()
        if self._ahead is not None:
            for task in self._expected:
                self._ahead.add(task)
            self._expected.clear()

    def _go_ahead(self) -> BackgroundChecks | None:
        from dbos_gen.check.background import BackgroundChecks  # noqa: PLC0415  # start-up cost: see `_search`

        try:
            return (
                BackgroundChecks(self._base, self._config.file, self._enabled)
                if BackgroundChecks.is_possible()
                else None
            )
        except OSError:
            return None

    def cached_digest(self, module: str, path: str) -> str:
        """Return a digest of the findings before any module is loaded, looking where the last run looked."""
        if not self.is_project_module(module, path):
            return ""
        absolute = self._absolute(path)
        known = self._store.get(module, absolute)
        roots = self._roots_for(module, absolute, ()) if known is None else known.roots
        return _digest(self._entry(module, absolute, roots))

    def digest(self, module: str, path: str, modules: Mapping[str, MypyFile]) -> str:
        """Return a digest of the findings, looking below the roots of what the module imports as well."""
        entry = self._found_in(module, path, modules)
        return "" if entry is None else _digest(entry)

    def findings(self, module: str, path: str, modules: Mapping[str, MypyFile]) -> tuple[Finding, ...]:
        """Return what the rules find in a module, looking below the roots of what it imports as well."""
        entry = self._found_in(module, path, modules)
        return () if entry is None else entry.findings

    def known_types(self, module: str, path: str, modules: Mapping[str, MypyFile]) -> tuple[KnownType, ...]:
        """Return what the program knows of calls in a module that are typed as Any."""
        entry = self._found_in(module, path, modules)
        return () if entry is None else entry.types

    def is_workflow(self, fullname: str, modules: Mapping[str, MypyFile]) -> bool:
        """Whether a function of the user's is decorated as a workflow, whatever is above that decorator."""
        module, _, qualname = fullname.rpartition(".")
        while module and module not in modules:
            module, _, name = module.rpartition(".")
            qualname = f"{name}.{qualname}"
        tree = modules.get(module)
        if tree is None or not self.is_project_module(module, tree.path):
            return False
        absolute = self._absolute(tree.path)
        return self._search.is_workflow(module, absolute, qualname, self._roots_for(module, absolute, ()))

    def may_be_looked_up(self, module: str, path: str, line: int, column: int) -> bool:
        """Whether what stands at a place comes from a registry, or from a helper, and may be a workflow."""
        if not self.is_project_module(module, path):
            return False
        absolute = self._absolute(path)
        roots = self._roots_for(module, absolute, ())
        return self._search.may_be_looked_up(module, absolute, (line, column), roots)

    def is_silenced(self, module: str, path: str, line: int, code: str) -> bool:
        """Whether `# dbos: ignore` silences a code on a line."""
        if not self.is_project_module(module, path):
            return False
        absolute = self._absolute(path)
        return self._search.is_silenced(module, absolute, (line, code), self._roots_for(module, absolute, ()))

    def forget(self) -> None:
        """Read everything anew: a file was edited while mypy's daemon runs."""
        self._found.clear()
        self._imported.clear()
        self._store.forget_files()
        self._states = States(self._store.files)
        self._searching = None

    def _found_in(self, module: str, path: str, modules: Mapping[str, MypyFile]) -> ModuleFindings | None:
        if not self.is_project_module(module, path):
            return None
        if module not in self._imported:
            self._imported[module] = tuple(sorted(self._roots_of_imports(module, modules)))
        absolute = self._absolute(path)
        return self._entry(module, absolute, self._roots_for(module, absolute, self._imported[module]))

    def _entry(self, module: str, path: str, roots: tuple[str, ...]) -> ModuleFindings:
        task = (module, path, roots)
        entry = self._found.get(task)
        if entry is None:
            known = self._store.get(module, path)
            if known is not None and known.roots == roots and self._states.holds(known):
                entry = known
            else:
                ahead = self._ahead.get(*task) if self._ahead is not None else None
                entry = ahead or self._checked(task)
                self._store.put(entry)
            self._found[task] = entry
        return entry

    def _checked(self, task: Task) -> ModuleFindings:
        try:
            return self._search.check(*task)
        except Exception as error:  # noqa: BLE001  # else mypy would end with an internal error, and check nothing
            module, path, roots = task
            shown = os.path.relpath(path, self._base)
            return ModuleFindings(
                module=module,
                path=path,
                roots=roots,
                # A name that stands for nothing ever: what is said holds for this run only.
                depends={module: "failed"},
                findings=(Finding(path=shown, line=1, column=0, code=FAILURE, text=repr(error), hint=""),),
            )

    def _store_key(self, rules: str) -> str:
        # The nearest ones that matter cannot be told apart without reading them.
        folders = (self._cwd, *self._cwd.parents)
        files = [folder / name for folder in folders for name in ("pyproject.toml", _LOCK)]
        parts = (rules, *sorted(self._enabled), self._base, sys.version, *map(_content_digest, files))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def _roots_for(self, module: str, path: str, others: Iterable[str]) -> tuple[str, ...]:
        """Return where modules are looked for: beside the module at hand first."""
        return tuple(dict.fromkeys((self._root(module, path), *self._given, *others)))

    def _roots_of_imports(self, module: str, modules: Mapping[str, MypyFile]) -> set[str]:
        tree = modules.get(module)
        found: set[str] = set()
        for name in _imported_names(tree) if tree is not None else ():
            imported = modules.get(name)
            if imported is not None and self.is_project_module(name, imported.path):
                found.add(self._root(name, self._absolute(imported.path)))
        return found

    def _root(self, module: str, path: str) -> str:
        """Return the folder from which the dotted name leads to the file; that of the file where none does."""
        stem, _ = os.path.splitext(path)  # noqa: PTH122  # strings, as it is asked for every module
        suffix = f"{os.sep}{module.replace('.', os.sep)}"
        for leading in (stem, stem.removesuffix(f"{os.sep}__init__")):
            if leading.endswith(suffix):
                return leading.removesuffix(suffix) or os.sep
        return os.path.dirname(stem)  # noqa: PTH120  # as above

    def _absolute(self, path: str) -> str:
        # Most are relative and have nothing to normalise, which would take ten times as long.
        if path[:1] not in "/\\" and "//" not in path and not any(sign in path[:-3] for sign in ".:"):
            return f"{self._base}{os.sep}{path}"
        return os.path.normpath(os.path.join(self._base, path))  # noqa: PTH118  # as above


def _imported_names(tree: MypyFile) -> Iterator[str]:
    """Names of the modules that a module imports by their full names; relative imports stay below its own root."""
    for statement in tree.imports:
        if isinstance(statement, Import):
            yield from (name for name, _ in statement.ids)
        elif isinstance(statement, ImportFrom) and not statement.relative:
            yield statement.id
            yield from (f"{statement.id}.{name}" for name, _ in statement.names)
        elif isinstance(statement, ImportAll) and not statement.relative:
            yield statement.id


def _cache_folder(options: Options) -> Path | None:
    return Path(options.cache_dir, _FOLDER) if options.incremental and options.cache_dir != os.devnull else None


def _content_digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest(entry: ModuleFindings) -> str:
    if not entry.findings and not entry.types:
        return ""
    findings = [finding_as_json(finding) for finding in entry.findings]
    text = json.dumps([findings, [type_as_json(known) for known in entry.types]])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
