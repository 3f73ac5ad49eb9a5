"""Adding the configuration to a project that has none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.sources.config import ConfigError, check, has_settings
from dbos_gen.vocabulary.runtimes import RUNTIMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the new table says; ``root`` is relative to pyproject.toml."""

    modules: tuple[str, ...]
    output: str
    root: str = "."
    runtime: str = RUNTIMES[0]

    def __str__(self) -> str:
        """Return the form for people."""
        root = f", root {self.root}" if self.root != "." else ""
        runtime = f", runtime {self.runtime}" if self.runtime != RUNTIMES[0] else ""
        return f"modules {', '.join(self.modules)}, output {self.output}{root}{runtime}"


def check_absent(file: Path) -> None:
    """Raise ConfigError when a pyproject.toml has the table already, or is not TOML."""
    if file.exists() and has_settings(file):
        raise ConfigError(file.name, ("the table is there already; edit it",))


def add(file: Path, settings: Settings) -> None:
    """Append the table to pyproject.toml, which keeps everything it has; creates the file when there is none.

    Raises ConfigError, having written nothing, when the file has the table already, is not TOML or cannot be written,
    or when the settings cannot be used.
    """
    check_absent(file)
    before = file.read_bytes().decode() if file.exists() else ""
    newline = "\r\n" if "\r\n" in before else "\n"
    lines = ["[tool.dbos-gen]", f"modules = {_array(settings.modules)}", f"output = {json.dumps(settings.output)}"]
    if settings.root != ".":
        lines.append(f"root = {json.dumps(settings.root)}")
    if settings.runtime != RUNTIMES[0]:
        lines.append(f"runtime = {json.dumps(settings.runtime)}")
    table = "\n".join(lines) + "\n"
    gap = "" if not before else newline if before.endswith("\n") else newline * 2
    after = before + gap + table.replace("\n", newline)
    check(file, after, advice=table)
    try:
        file.write_bytes(after.encode())
    except OSError as error:
        raise ConfigError(str(file), (f"the file cannot be written: {error.strerror}",)) from error


def _array(values: Sequence[str]) -> str:
    flat = ", ".join(json.dumps(value) for value in values)
    return f"[{flat}]" if len(flat) < 100 else "[\n" + "".join(f"    {json.dumps(value)},\n" for value in values) + "]"  # noqa: PLR2004  # a line
