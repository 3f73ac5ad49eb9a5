"""Folders that hold modules, asked by dotted name; what was found is remembered."""

from __future__ import annotations

import os
from collections.abc import Iterable

EVERYTHING = "*"
"""Stands among the names that an answer depends on when it depends on all modules below the roots."""


class Roots:
    """Where modules are: in the first folder that has the name.

    Paths are strings because this is asked thousands of times.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self.folders = tuple(folders)
        self._files: dict[str, str | None] = {}
        self._existing: dict[str, bool] = {}

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

    def exists(self, name: str) -> bool:
        """Whether the name is a module or a package, with or without ``__init__``."""
        if name not in self._existing:
            parts = name.split(".")
            self._existing[name] = self.file(name) is not None or any(
                os.path.isdir(os.path.join(folder, *parts))  # noqa: PTH112, PTH118  # see the class
                for folder in self.folders_of(name)
            )
        return self._existing[name]

    def _find(self, name: str) -> str | None:
        parts = name.split(".")
        for folder in self.folders_of(name):
            stem = os.path.join(folder, *parts)  # noqa: PTH118  # see the class
            for file in (os.path.join(stem, "__init__.py"), f"{stem}.py"):  # noqa: PTH118  # as above
                if os.path.isfile(file):  # noqa: PTH113  # as above
                    return file
        return None
