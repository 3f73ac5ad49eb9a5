"""Adding the configuration to a project that has none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.config import ConfigError, has_table

_SKIPPED = frozenset({"tests", "test", "docs", "examples", "build", "dist", "node_modules", "site-packages"})
_MARKS = ("DBOS.workflow(", "DBOS.workflow\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the new table says; ``root`` is relative to pyproject.toml."""

    modules: tuple[str, ...]
    output: str
    root: str


def suggest(project: Path) -> Settings:
    """Return settings for the modules below a folder that look as if they define workflows; nothing is executed."""
    root = "src" if (project / "src").is_dir() else "."
    modules = sorted(_with_workflows(project / root))
    package = modules[0].partition(".")[0] if modules else project.name.replace("-", "_")
    is_package = (project / root / package).is_dir()
    output = f"{package}.generated" if is_package else "generated"
    return Settings(modules=tuple(modules) or (f"{package}.**",), output=output, root=root)


def add(file: Path, settings: Settings) -> None:
    """Append the table to pyproject.toml, which keeps everything it has; creates the file when there is none.

    Raises ConfigError when the file has the table already, is not TOML or cannot be written.
    """
    if file.exists() and has_table(file):
        raise ConfigError(file.name, ("the table is there already; edit it",))
    before = file.read_bytes().decode() if file.exists() else ""
    newline = "\r\n" if "\r\n" in before else "\n"
    lines = ["[tool.dbos-gen]", f"modules = {_array(settings.modules)}", f"output = {json.dumps(settings.output)}"]
    if settings.root != ".":
        lines.append(f"root = {json.dumps(settings.root)}")
    gap = "" if not before else newline if before.endswith("\n") else newline * 2
    try:
        file.write_bytes((before + gap + newline.join(lines) + newline).encode())
    except OSError as error:
        raise ConfigError(file.name, (f"the file cannot be written: {error.strerror}",)) from error


def _array(values: Sequence[str]) -> str:
    flat = ", ".join(json.dumps(value) for value in values)
    return f"[{flat}]" if len(flat) < 100 else "[\n" + "".join(f"    {json.dumps(value)},\n" for value in values) + "]"  # noqa: PLR2004  # a line


def _with_workflows(root: Path) -> Iterable[str]:
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        name = parts[:-1] if parts[-1] == "__init__" else parts
        if not name or not all(part.isidentifier() for part in name) or _SKIPPED & set(parts[:-1]):
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if any(mark in text for mark in _MARKS):
            yield ".".join(name)
