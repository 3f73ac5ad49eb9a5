"""Digests of a running program's functions that an earlier start of it worked out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias, cast

import dbos_gen
from dbos_gen.sources.cache import own_digest, write_json
from dbos_gen.sources.file_states import Files
from dbos_gen.sources.project import Project
from dbos_gen.sources.roots import EVERYTHING

# What is quickly worked out again is not worth a file.
_WORTH_SECONDS = 0.25

_Modules: TypeAlias = dict[str, tuple[dict[str, str], dict[str, str]]]
_of_this_process: dict[str, _Modules] = {}
"""What earlier launches of this process found; content decides here too whether it still holds."""


class RememberedDigests:
    """Digests by module and function, each module with the state of everything that was looked at for it."""

    def __init__(
        self, folder: Path | None, application: str, project: Project, modules: Callable[[], Iterable[str]]
    ) -> None:
        """`modules` gives the names of all modules of the application."""
        self._everything: str | None = None
        self._modules_of_application = modules
        self._key = hashlib.sha256(f"{dbos_gen.__version__}\0{own_digest()}\0{application}".encode()).hexdigest()
        self._file = None if folder is None else folder / f"{self._key[:32]}.json"
        self._project = project
        self._files = Files()
        self._modules = self._load()
        self._began = time.perf_counter()
        self._is_changed = False

    def get(self, module: str, functions: Iterable[str]) -> Mapping[str, str] | None:
        """Return what is known of a module's functions, None unless it is known of all and nothing has changed."""
        found = self._modules.get(module)
        if found is None:
            return None
        depends, digests = found
        if any(function not in digests for function in functions):
            return None
        same = all(self._state(name) == state for name, state in depends.items())
        return digests if same else None

    def put(self, module: str, digests: Mapping[str, str], asked: Iterable[str]) -> None:
        """Remember a module; ``asked`` are the names that were looked up for it."""
        depends = self._project.states(asked, self._files)
        if EVERYTHING in depends:
            depends[EVERYTHING] = self._state(EVERYTHING)
        self._modules[module] = (depends, dict(digests))
        self._is_changed = True

    def _state(self, name: str) -> str:
        if name != EVERYTHING:
            return self._project.state(name, self._files)
        if self._everything is None:
            names = sorted(self._modules_of_application())
            states = [f"{each}={self._project.state(each, self._files)}" for each in names]
            self._everything = hashlib.sha256("\n".join(states).encode("utf-8", "surrogatepass")).hexdigest()
        return self._everything

    def save(self) -> None:
        """Write what is known if that will save time; where nothing can be written, nothing is remembered."""
        if self._file is None or not self._is_changed or time.perf_counter() - self._began < _WORTH_SECONDS:
            return
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._file, self._modules)

    def _load(self) -> _Modules:
        if self._key not in _of_this_process:
            _of_this_process[self._key] = _read(self._file)
        return _of_this_process[self._key]


def _read(file: Path | None) -> _Modules:
    if file is None:
        return {}
    try:
        document = cast("_Modules", json.loads(file.read_bytes()))
        return {name: (dict(depends), dict(digests)) for name, (depends, digests) in document.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
