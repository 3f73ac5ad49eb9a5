"""By which folder the modules of a project import themselves: what their imports say, else what is usual."""

from __future__ import annotations

import itertools
import keyword
from pathlib import Path

from dbos_gen.init.surroundings import File, Import, Surroundings

_USUAL = "src"


class Importing:
    """Finds the root of files: the folder that has to be on Python's path for what the code imports."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._modules = {file.path for file in around.files}
        self._hits: dict[Path, int] = {}

    def root_of(self, file: File) -> Path | None:
        """Return the root of a file; None when no module can be imported by the name that the file would have."""
        candidates = [
            (self._imports_from(folder), *self._usualness(folder, file), folder)
            for folder in file.path.parents
            if self._is_possible(folder, file)
        ]
        return max(candidates, key=lambda found: found[:-1])[-1] if candidates else None

    def _is_possible(self, root: Path, file: File) -> bool:
        top = self._around.folder
        if not root.is_relative_to(top):
            # A project may be a package itself, but only its own imports tell that from a stray `__init__.py`.
            return root == top.parent and _is_package(top) and self._imports_from(root) > 0
        inner = file.path.parent.relative_to(root).parts
        _, deepest = file.imports
        # A module has no package to be relative to where its root is, nor above it.
        return deepest <= len(inner) and bool(name_below(root, file.path))

    def _usualness(self, root: Path, file: File) -> tuple[bool, bool, int]:
        """Return what speaks for a root where imports do not."""
        top = self._around.folder
        is_plain = root == top or not _is_package(root)
        # What holds packages is next to them; modules that are in none are named from the top.
        depth = len(root.parts) if _is_package(file.path.parent) else -len(root.parts)
        return is_plain, root == top / _USUAL, depth

    def _imports_from(self, root: Path) -> int:
        """Return how many imports of the project's files lead to its files when they are looked for below a root."""
        if root not in self._hits:
            imports = itertools.chain.from_iterable(file.imports[0] for file in self._around.files)
            self._hits[root] = sum(1 for each in imports if self._leads_to_module(root, each))
        return self._hits[root]

    def _leads_to_module(self, root: Path, found: Import) -> bool:
        place = root.joinpath(*found.module.split("."))
        if self._is_module(place):
            return True
        return place in self._around.folders and bool(found.name) and self._is_module(place / found.name)

    def _is_module(self, place: Path) -> bool:
        return place.with_name(f"{place.name}.py") in self._modules or place / "__init__.py" in self._modules


def name_below(root: Path, file: Path) -> str:
    """Return the dotted name of a file's module, empty when it can have none."""
    parts = file.relative_to(root).with_suffix("").parts
    name = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(name) if all(part.isidentifier() and not keyword.iskeyword(part) for part in name) else ""


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").is_file()
