"""What the rules found in earlier runs, in mypy's cache folder; safe to delete at any time.

Several processes write at once when mypy works in parallel, and none of them is told when the run ends: hence a log, to
which each adds a line when it knows something, and in which the last line about a module counts.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Final, cast

from dbos_gen.check.module_findings import ModuleFindings, entry_as_json, entry_from_json
from dbos_gen.sources.file_states import Files

_PREFIX: Final = "rules-"
_SUFFIX: Final = ".jsonl"
_TIDY_FROM: Final = 1000
_MODULE: Final = "module"
_FILE: Final = "file"


class Store:
    """Entries by module and file; ``folder`` is None where mypy keeps no cache."""

    def __init__(self, folder: Path | None, key: str) -> None:
        self._file = None if folder is None else folder / f"{_PREFIX}{key[:32]}{_SUFFIX}"
        self._entries: dict[tuple[str, str], ModuleFindings] | None = None
        self._written: set[str] = set()
        self.files = Files()

    @property
    def is_begun(self) -> bool:
        """Whether an earlier run has stored something under the same key."""
        return self._file is not None and self._file.exists()

    def get(self, module: str, path: str) -> ModuleFindings | None:
        """Return what is known of a module; whether it still holds is the caller's business."""
        return self._loaded().get((module, path))

    def put(self, entry: ModuleFindings) -> None:
        """Remember an entry here and, where that is possible, for later runs."""
        known = self._loaded()
        if known.get((entry.module, entry.path)) == entry:
            return
        known[entry.module, entry.path] = entry
        lines = [_line(_MODULE, *entry_as_json(entry))]
        for file, state in self.files.seen().items():
            if file not in self._written:
                self._written.add(file)
                lines.append(_line(_FILE, file, *state))
        self._append("".join(lines))

    def forget_files(self) -> None:
        """Look at every file anew."""
        seen = self.files.seen()
        self.files.known.update(seen)
        seen.clear()

    def _loaded(self) -> dict[tuple[str, str], ModuleFindings]:
        if self._entries is None:
            self._entries = {}
            lines = self._lines()
            for line in _parsed(lines):
                with contextlib.suppress(ValueError, TypeError, IndexError, KeyError):
                    self._take(line)
            if len(lines) > _TIDY_FROM + 2 * (len(self._entries) + len(self.files.known)):
                self._rewrite()
        return self._entries

    def _lines(self) -> list[str]:
        if self._file is None:
            return []
        try:
            return self._file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []

    def _take(self, line: list[object]) -> None:
        if line[0] == _FILE:
            _, file, modified, size, found = cast("tuple[str, str, int, int, str]", tuple(line))
            self.files.known[file] = (modified, size, found)
            self._written.add(file)
        elif self._entries is not None:
            entry = entry_from_json(line[1:])
            self._entries[entry.module, entry.path] = entry

    def _append(self, text: str) -> None:
        if self._file is None:
            return
        # A cache that cannot be written costs time only.
        with contextlib.suppress(OSError):
            if not self._file.exists():
                self._begin(self._file.parent)
            # One write, so that lines of several processes do not mix.
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                os.write(handle, text.encode("utf-8", "surrogatepass"))
            finally:
                os.close(handle)

    def _begin(self, folder: Path) -> None:
        """Make the folder, or remove from it what other versions of the rules found."""
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            other.unlink(missing_ok=True)

    def _rewrite(self) -> None:
        if self._file is None or self._entries is None:
            return
        lines = [_line(_MODULE, *entry_as_json(entry)) for entry in self._entries.values()]
        lines += [_line(_FILE, file, *state) for file, state in self.files.known.items()]
        temporary = self._file.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            temporary.write_text("".join(lines), encoding="utf-8")
            temporary.replace(self._file)


def _parsed(lines: list[str]) -> list[list[object]]:
    try:
        # All at once takes a third of the time.
        return cast("list[list[object]]", json.loads(f"[{','.join(lines)}]"))
    except ValueError:
        found: list[list[object]] = []
        for line in lines:
            # A line may be half written, when a process was stopped while it wrote.
            with contextlib.suppress(ValueError):
                found.append(cast("list[object]", json.loads(line)))
        return found


def _line(*parts: object) -> str:
    return json.dumps(parts, separators=(",", ":")) + "\n"
