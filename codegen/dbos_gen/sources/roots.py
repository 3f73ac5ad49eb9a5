"""Folders that hold modules, asked by dotted name; what was found is remembered."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping

from dbos_gen.sources.folders import Links, is_folder

EVERYTHING = "*"
"""Stands among the names that an answer depends on when it depends on all modules below the roots."""

PLAIN, PACKAGE, FOLDER, NOTHING = "module ", "package ", "folder", ""
"""What a name can stand for; a digest follows the first two."""

_INIT = "__init__.py"
_NO_PACKAGES = frozenset({"__pycache__", "node_modules"})


class Roots:
    """Where modules are: in the first folder that has the name.

    Paths are strings because this is asked thousands of times.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self.folders = tuple(folders)
        self._files: dict[str, str | None] = {}
        self._existing: dict[str, bool] = {}
        self._listed: dict[str, dict[str, bool]] = {}
        self._packages: dict[str, dict[str, bool]] = {}

    def place(self, name: str, file: str) -> None:
        """Say which file a module is, where its name does not lead there (``__main__``)."""
        self._files[name] = file

    def folders_of(self, name: str) -> tuple[str, ...]:
        """Return the folders in which a module of this name is looked for; not every subclass trusts all of them."""
        del name
        return self.folders

    def file(self, name: str) -> str | None:
        """Return the file of a module or of a package's ``__init__``, if there is one."""
        if name not in self._files:
            self._files[name] = self._find(name)
        return self._files[name]

    def state(self, name: str, digest: Callable[[str], str]) -> str:
        """Return what a name stands for: a module or package with its digest, a folder, or nothing."""
        file = self.file(name)
        if file is None:
            return FOLDER if self.exists(name) else NOTHING
        return f"{PACKAGE if file.endswith(_INIT) else PLAIN}{digest(file)}"

    def exists(self, name: str) -> bool:
        """Whether the name is a module or a package, with or without ``__init__``."""
        if name not in self._existing:
            *packages, last = name.split(".")
            self._existing[name] = self.file(name) is not None or any(
                self._names(folder, packages).get(last, False) for folder in self.folders_of(name)
            )
        return self._existing[name]

    def all_modules(self) -> Iterator[tuple[str, str]]:
        """Yield every module below the folders with its file, in the order of the folders and of their contents."""
        pending, links = [(folder, "") for folder in reversed(self.folders)], Links()
        while pending:
            folder, prefix = pending.pop()
            if not links.follows(folder):
                continue
            listed = sorted(self._list(folder).items())
            for name, is_package in listed:
                if name.endswith(".py") and not is_package:
                    stem = name.removesuffix(".py")
                    yield f"{prefix}{stem}" if stem != "__init__" else prefix.rstrip("."), f"{folder}/{name}"
            pending.extend(
                (f"{folder}/{name}", f"{prefix}{name}.")
                for name, is_package in reversed(listed)
                if is_package and name.isidentifier() and name not in _NO_PACKAGES
            )

    def _find(self, name: str) -> str | None:
        *packages, last = name.split(".")
        for folder in self.folders_of(name):
            # A look at a whole folder answers for all names in it, most of which stand for no file.
            names = self._names(folder, packages)
            if names.get(last, False) and not self._names(folder, [*packages, last]).get(_INIT, True):
                return f"{_below(folder, packages)}/{last}/{_INIT}"
            if not names.get(f"{last}.py", True):
                return f"{_below(folder, packages)}/{last}.py"
        return None

    def _names(self, folder: str, packages: list[str]) -> dict[str, bool]:
        """Return what `_list` does for packages below a folder; nothing for what is no package."""
        if not packages:
            return self._list(folder)
        place = _below(folder, packages)
        found = self._packages.get(place)
        if found is None:
            *outer, last = packages
            around = self._names(folder, outer)
            # Most names stand for no folder, and a look at one that is not there is not free.
            found = self._list(place) if around.get(last, False) else {}
            if _INIT not in found and f"{last}.py" in around:
                # A module comes before a folder of the same name, as in Python.
                found = {}
            self._packages[place] = found
        return found

    def _list(self, folder: str) -> dict[str, bool]:
        """Return the names in a folder, and of each whether it is a folder; nothing for what is none."""
        if folder not in self._listed:
            try:
                with os.scandir(folder) as entries:
                    self._listed[folder] = {entry.name: is_folder(entry) for entry in entries}
            except OSError:
                self._listed[folder] = {}
        return self._listed[folder]


def without_implied(states: Mapping[str, str]) -> dict[str, str]:
    """Return what names stand for, without names that stand for nothing because of what is before their last dot.

    Nothing is below a name that stands for nothing, and nothing below a module that is no package.
    """
    kept: dict[str, str] = {}
    implied: set[str] = set()
    for name, state in sorted(states.items()):
        parent = name.rpartition(".")[0]
        if parent in implied or kept.get(parent, FOLDER).startswith(PLAIN) or kept.get(parent) == NOTHING:
            implied.add(name)
        else:
            kept[name] = state
    return kept


def _below(folder: str, packages: list[str]) -> str:
    # A slash is understood everywhere, and paths are compared with none that others made.
    return "/".join((folder, *packages))
