"""What a project's folders hold before there is any configuration: modules, what they import, other projects."""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dbos_gen.sources.folders import Links, entries, is_file, is_folder
from dbos_gen.syntax.parsing import parse
from dbos_gen.vocabulary.identifiers import MARK

PYPROJECT = "pyproject.toml"
_NO_SOURCES = frozenset({"__pycache__", "node_modules", "site-packages", "build", "dist"})
_ENVIRONMENT = "pyvenv.cfg"
_MAYBE_WORKFLOW = re.compile(r"\bworkflow\s*(?:\(|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An absolute import of a module; ``name`` is what is taken from it, which may be a module as well."""

    module: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of Python code; ``parts`` is its path below the project, without the ending and without ``__init__``."""

    path: Path
    parts: tuple[str, ...]
    text: str

    @property
    def may_define_workflows(self) -> bool:
        """Whether it is worth a closer look."""
        return _MAYBE_WORKFLOW.search(self.text) is not None and not self.text.startswith(MARK)

    @cached_property
    def is_valid(self) -> bool:
        """Whether it can be parsed."""
        return self._tree is not None

    @cached_property
    def imports(self) -> tuple[tuple[Import, ...], int]:
        """The absolute imports of modules that Python does not bring, and the deepest level of the relative ones."""
        found: list[Import] = []
        deepest = 0
        for node in ast.walk(self._tree) if self._tree is not None else ():
            match node:
                case ast.Import(names=names):
                    found.extend(Import(module=alias.name) for alias in names)
                case ast.ImportFrom(module=str() as module, level=0, names=names):
                    found.extend(Import(module=module, name=alias.name) for alias in names)
                case ast.ImportFrom(level=level):
                    deepest = max(deepest, level)
                case _:
                    pass
        own = (each for each in found if each.module.partition(".")[0] not in sys.stdlib_module_names)
        return tuple(own), deepest

    @cached_property
    def _tree(self) -> ast.Module | None:
        try:
            with warnings.catch_warnings():
                # Invalid escapes and the like are the business of the user's linter.
                warnings.simplefilter("ignore")
                return parse(self.text, self.path.name)
        except SyntaxError:
            return None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The files below a folder; ``projects`` are folders in it that have a pyproject.toml of their own."""

    folder: Path
    files: tuple[File, ...]
    projects: tuple[Surroundings, ...] = ()
    has_notebooks: bool = False

    @cached_property
    def folders(self) -> frozenset[Path]:
        """All folders that hold modules, at any depth."""
        return frozenset(folder for file in self.files for folder in file.path.parents)


@dataclass(slots=True)
class _FoundFiles:
    files: list[File] = field(default_factory=list[File])
    projects: list[Path] = field(default_factory=list[Path])
    has_notebooks: bool = False


def look_around(folder: Path) -> Surroundings:
    """Read what is below a folder; nothing is executed."""
    found = _FoundFiles()
    _walk(folder, found)
    return Surroundings(
        folder=folder,
        files=tuple(found.files),
        projects=tuple(look_around(project) for project in found.projects),
        has_notebooks=found.has_notebooks,
    )


def _walk(top: Path, found: _FoundFiles) -> None:
    pending, links = [os.fspath(top)], Links()
    while pending:
        place = pending.pop()
        if not links.follows(place):
            continue
        listed = _entries(place)
        names = {entry.name for entry in listed}
        if _ENVIRONMENT in names:
            continue
        if PYPROJECT in names and place != os.fspath(top):
            found.projects.append(Path(place))
            continue
        found.has_notebooks = found.has_notebooks or any(name.endswith(".ipynb") for name in names)
        found.files.extend(_files(listed, top))
        inner = [entry for entry in listed if entry.name not in _NO_SOURCES and not entry.name.startswith(".")]
        pending.extend(entry.path for entry in reversed(inner) if is_folder(entry))


def _entries(place: str) -> list[os.DirEntry[str]]:
    try:
        return entries(place)
    except OSError:
        return []


def _files(listed: list[os.DirEntry[str]], top: Path) -> Iterator[File]:
    for entry in listed:
        path = Path(entry.path)
        if path.suffix != ".py" or not is_file(entry):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        parts = path.relative_to(top).with_suffix("").parts
        yield File(path=path, parts=parts[:-1] if parts[-1] == "__init__" else parts, text=text)
