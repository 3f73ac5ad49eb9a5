"""Checks modules in a process of its own while the one that wants to know does something else.

``python -m dbos_gen.rules.ahead`` reads lines of JSON: first where it is, then a module to check in each. It writes a
line for each module.
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
from pathlib import Path
from queue import SimpleQueue
from typing import cast

from dbos_gen.config import ConfigError, load_for_rules
from dbos_gen.files import Files
from dbos_gen.rules.entries import Entry, Task, entry_as_json, entry_from_json
from dbos_gen.rules.search import Search

_PAUSE_SECONDS = 0.002
_CHUNK = 1 << 20


class Ahead:
    """A process that checks modules; what it finds is there when it is asked for, or soon after."""

    def __init__(self, base: str, pyproject: Path) -> None:
        """Start the process; OSError when that cannot be done."""
        self._entries: dict[Task, Entry] = {}
        self._pending: set[Task] = set()
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
        self._send([base, str(pyproject)])

    def add(self, task: Task) -> None:
        """Let the process check one more module."""
        self._pending.add(task)
        self._send(task)

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

    def _send(self, line: object) -> None:
        stream = self._process.stdin
        if stream is not None:
            with contextlib.suppress(BrokenPipeError):
                stream.write(json.dumps(line).encode() + b"\n")
                stream.flush()

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
    """Check the modules that standard input names, until it ends."""
    # Syntax trees live as long as this process; looking for garbage among them takes a quarter of the time.
    gc.disable()
    base, pyproject = json.loads(sys.stdin.readline())
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_take, args=(tasks,), daemon=True).start()
    try:
        config = load_for_rules(Path(pyproject))
    except ConfigError:
        return
    search = Search(str(base), config, Files())
    while True:
        entry = search.check(*tasks.get())
        sys.stdout.write(json.dumps(entry_as_json(entry), separators=(",", ":")) + "\n")
        sys.stdout.flush()


def _take(tasks: SimpleQueue[Task]) -> None:
    for line in sys.stdin:
        module, path, roots = json.loads(line)
        tasks.put((module, path, tuple(roots)))
    # Whoever asked has ended.
    os._exit(0)


if __name__ == "__main__":
    main()
