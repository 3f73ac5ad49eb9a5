"""Which modules ``dbos-gen check`` looks at: those of the configuration, or those that it is given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.sources.config import Config, is_path
from dbos_gen.sources.discovery import is_glob, matches
from dbos_gen.sources.folders import Links, entries, is_file, is_folder

_NOT_MODULES = frozenset({"__pycache__", "node_modules", "site-packages"})


class SelectionError(Exception):
    """What was given names no module; the message says what to give instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModules:
    """Modules by name, each with its file, and the folders in which modules are looked for, the first one first."""

    modules: dict[str, Path]
    roots: tuple[Path, ...]

    def all_modules(self) -> list[str]:
        """Return the names of all modules below the roots."""
        return [name for root in self.roots for name, _ in modules_below(root)]


def select(config: Config, targets: Iterable[str], folder: Path) -> CheckedModules:
    """Return the modules that targets name: files and folders below ``folder``, dotted names, globs.

    Without targets they are those of the configuration, whose paths are relative to it. Raises SelectionError for what
    names no module.
    """
    chosen = tuple(targets)
    base = folder if chosen else config.project
    entries = chosen or config.modules
    if not entries:
        raise SelectionError(
            "there are no modules to check; give files, folders or dotted names, for example `dbos-gen check src/`, "
            "or list `modules` in [tool.dbos-gen] of pyproject.toml"
        )
    modules: dict[str, Path] = {}
    roots = {config.root: None}
    for entry in entries:
        found = list(_of_entry(entry, base, config))
        if not found:
            raise SelectionError(
                f"'{entry}' names no module; give a file or folder, or a dotted name or glob below '{config.root.name}'"
            )
        for name, file, root in found:
            modules.setdefault(_distinct(name, file, modules), file)
            roots.setdefault(root)
    output = config.output
    kept = {
        name: file
        for name, file in sorted(modules.items())
        if not output or (name != output and not name.startswith(f"{output}."))
    }
    return CheckedModules(modules=kept, roots=tuple(roots))


def _distinct(name: str, file: Path, taken: Mapping[str, Path]) -> str:
    """Return the name, preceded by folders of the file where another file has it: scripts in several folders."""
    folders = list(file.parent.parts)
    while taken.get(name, file) != file and folders:
        name = f"{folders.pop()}.{name}"
    return name


def _of_entry(entry: str, base: Path, config: Config) -> Iterator[tuple[str, Path, Path]]:
    path = base / entry
    if is_path(entry) or path.exists():
        files = sorted(base.glob(entry)) if is_glob(entry) and not Path(entry).is_absolute() else [path.resolve()]
        for file in files:
            yield from _of_path(file, config)
    else:
        for name, file in modules_below(config.root):
            if matches(name.split("."), entry.split(".")):
                yield name, file, config.root


def _of_path(path: Path, config: Config) -> Iterator[tuple[str, Path, Path]]:
    # Only a table says where the packages are; without one, their `__init__` files do.
    is_told = bool(config.modules or config.output) and _is_below(path, config.root.resolve())
    root = config.root.resolve() if is_told else _root_of(path)
    if path.is_dir():
        if path != root and not (path / "__init__.py").is_file() and _holds_packages(path):
            # `src`: what is in it is imported without it.
            root = path
        for name, file in modules_below(path, _dotted(path, root)):
            yield name, file, root
    elif path.is_file() and path.suffix == ".py":
        yield _dotted(path.with_suffix(""), root) or path.stem, path, root


def _is_below(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def _root_of(path: Path) -> Path:
    """Return the folder from which the packages around a path are imported."""
    folder = path if path.is_dir() else path.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def _holds_packages(folder: Path) -> bool:
    return folder.name in ("src", "lib") or any((inner / "__init__.py").is_file() for inner in folder.iterdir())


def _dotted(path: Path, root: Path) -> str:
    parts = list(path.relative_to(root).parts)
    if parts and parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


def modules_below(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the modules of a folder with their files, in the order of their names."""
    pending, links = [(os.fspath(folder), f"{prefix}." if prefix else "")], Links()
    while pending:
        place, before = pending.pop()
        if not links.follows(place):
            continue
        listed = entries(place)
        for entry in listed:
            if entry.name.endswith(".py") and is_file(entry):
                stem = entry.name.removesuffix(".py")
                name = before.rstrip(".") if stem == "__init__" else f"{before}{stem}"
                if name:
                    yield name, Path(entry.path)
        pending.extend(
            (entry.path, f"{before}{entry.name}.")
            for entry in reversed(listed)
            if is_folder(entry) and entry.name.isidentifier() and entry.name not in _NOT_MODULES
        )
