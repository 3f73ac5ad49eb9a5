"""Checks modules in a process of its own while the one that wants to know does something else.

``python -m dbos_gen.rules.ahead`` reads one line of JSON, the modules to check, and writes a line for each.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from dbos_gen.config import ConfigError, load_for_rules
from dbos_gen.files import Files
from dbos_gen.rules.entries import Entry, Task, entry_as_json, entry_from_json
from dbos_gen.rules.search import Search

_PAUSE_SECONDS = 0.002
_CHUNK = 1 << 20


class Ahead:
    """A process that checks modules; what it finds is there when it is asked for, or soon after."""

    def __init__(self, base: str, pyproject: Path, tasks: Iterable[Task]) -> None:
        """Start the process; OSError when that cannot be done."""
        self._entries: dict[Task, Entry] = {}
        self._pending = set(tasks)
        self._rest = b""
        self._read = 0
        # Not a pipe, which would make the process wait for its reader.
        self._output = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # closed with the process that asks
        packages = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (packages, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603  # this module, run by this interpreter
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        order = {"base": base, "pyproject": str(pyproject), "tasks": sorted(self._pending)}
        stream = self._process.stdin
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.write(json.dumps(order).encode() + b"\n")
                stream.flush()

    @staticmethod
    def is_possible() -> bool:
        """Whether this platform has what it takes."""
        return hasattr(os, "pread") and bool(sys.executable)

    def get(self, module: str, path: str, roots: tuple[str, ...]) -> Entry | None:
        """Return what was found in a module, waiting for it; None when the process was not asked, or failed."""
        task = (module, path, roots)
        while task in self._pending:
            is_running = self._process.poll() is None
            self._drain()
            if task in self._pending and not is_running:
                return None
            if task in self._pending:
                time.sleep(_PAUSE_SECONDS)
        return self._entries.get(task)

    def _drain(self) -> None:
        while data := os.pread(self._output.fileno(), _CHUNK, self._read):
            self._read += len(data)
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                entry = entry_from_json(cast("list[object]", json.loads(line)))
                task = (entry.module, entry.path, entry.roots)
                self._entries[task] = entry
                self._pending.discard(task)


def main() -> None:
    """Check the modules that standard input names."""
    # Syntax trees live as long as this process; looking for garbage among them takes a quarter of the time.
    gc.disable()
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    try:
        config = load_for_rules(Path(order["pyproject"]))
    except ConfigError:
        return
    search = Search(str(order["base"]), config, Files())
    for module, path, roots in cast("list[tuple[str, str, list[str]]]", order["tasks"]):
        entry = search.check(module, path, tuple(roots))
        sys.stdout.write(json.dumps(entry_as_json(entry), separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _end_with_the_asker() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
