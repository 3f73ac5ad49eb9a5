"""Which modules the configuration names."""

from __future__ import annotations

import difflib
import fnmatch
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.sources.config import Config, is_path
from dbos_gen.sources.folders import Links, entries, is_file, is_folder
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredModule:
    """One module to scan; ``is_explicit`` when it was named rather than matched by a glob."""

    name: str
    is_explicit: bool


def discover(config: Config, project: Project, diagnostics: Diagnostics) -> tuple[DiscoveredModule, ...]:
    """Return the modules that ``modules`` names, sorted, without those of the output package."""
    chosen: dict[str, bool] = {}
    known: list[str] | None = None
    for entry in config.modules:
        if is_path(entry):
            names = _by_path(entry, config)
            explicit = not is_glob(entry)
        elif is_glob(entry):
            known = list(_all_modules(config.root)) if known is None else known
            names = [name for name in known if matches(name.split("."), entry.split("."))]
            explicit = False
        else:
            names = [entry] if project.locate(entry) is not None else []
            explicit = True
        names = [name for name in names if name != config.output and not name.startswith(f"{config.output}.")]
        if not names:
            known = list(_all_modules(config.root)) if known is None else known
            _report_nothing(entry, known, config, diagnostics)
        for name in names:
            chosen[name] = chosen.get(name, False) or explicit
    return tuple(DiscoveredModule(name=name, is_explicit=chosen[name]) for name in sorted(chosen))


def is_glob(entry: str) -> bool:
    """Whether an entry of ``modules`` is a pattern."""
    return any(char in entry for char in "*?[")


def _report_nothing(entry: str, known: list[str], config: Config, diagnostics: Diagnostics) -> None:
    close = difflib.get_close_matches(entry, known, n=1)
    root = "." if config.root == config.project else config.root.name
    hint = (
        f"did you mean '{close[0]}'?" if close else f"modules are looked for below '{root}'; set `root` to change that"
    )
    diagnostics.add(Code.DG003, config.file.name, 0, f"no module matches '{entry}' of `modules`", hint)


def _by_path(entry: str, config: Config) -> list[str]:
    pattern = entry.replace("\\", "/").removeprefix("./")
    if Path(pattern).is_absolute():
        return []
    files = sorted(config.project.glob(pattern)) if is_glob(pattern) else [config.project / pattern]
    names: list[str] = []
    for file in files:
        inside = sorted(file.rglob("*.py")) if file.is_dir() else [file]
        names.extend(name for path in inside if (name := _module_name(path.resolve(), config.root.resolve())))
    return names


def _module_name(file: Path, root: Path) -> str | None:
    if file.suffix != ".py" or not file.is_file() or not file.is_relative_to(root):
        return None
    parts = list(file.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def _all_modules(root: Path) -> Iterator[str]:
    pending, links = [(os.fspath(root), "")], Links()
    while pending:
        folder, prefix = pending.pop()
        if not links.follows(folder):
            continue
        listed = entries(folder)
        pending.extend(
            (entry.path, f"{prefix}{entry.name}.")
            for entry in reversed(listed)
            if entry.name.isidentifier() and entry.name != "__pycache__" and is_folder(entry)
        )
        for entry in listed:
            stem = entry.name.removesuffix(".py")
            if entry.name.endswith(".py") and stem.isidentifier() and is_file(entry):
                name = prefix.rstrip(".") if stem == "__init__" else f"{prefix}{stem}"
                if name:
                    yield name


def matches(name: list[str], pattern: list[str]) -> bool:
    """Match component by component; ``**`` stands for any number of them."""
    if not pattern:
        return not name
    if pattern[0] == "**":
        return any(matches(name[skipped:], pattern[1:]) for skipped in range(len(name) + 1))
    return bool(name) and fnmatch.fnmatchcase(name[0], pattern[0]) and matches(name[1:], pattern[1:])
