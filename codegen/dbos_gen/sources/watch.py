"""Noticing that sources have changed, by looking at their times."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dbos_gen.sources.config import Config

_SKIPPED = frozenset({"__pycache__", "node_modules"})


def snapshot(config: Config) -> dict[str, tuple[int, int]]:
    """Return the time and size of the configuration and of every module below the root but the generated ones."""
    found = dict(_times([os.fspath(config.file)]))
    output = os.fspath(config.output_folder)
    pending = [os.fspath(config.root)]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError:
            continue
        pending.extend(
            entry.path
            for entry in listed
            if entry.is_dir(follow_symlinks=False)
            and entry.name not in _SKIPPED
            and not entry.name.startswith(".")
            and entry.path != output
        )
        found.update(_times(entry.path for entry in listed if entry.name.endswith(".py")))
    return found


def _times(files: Iterator[str] | list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    for file in files:
        try:
            status = Path(file).stat()
        except OSError:
            continue
        yield file, (status.st_mtime_ns, status.st_size)
