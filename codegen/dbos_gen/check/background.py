"""Has modules checked by a process of its own while the one that wants to know does something else.

Nothing of the rules is imported here: that is for the other process to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import cast

from dbos_gen.check.module_findings import ModuleFindings, Task, entry_from_json

_WORKER = "dbos_gen.check.worker"
_PAUSE_SECONDS = 0.002
_CHUNK = 1 << 20


class BackgroundChecks:
    """A process that checks modules; what it finds is there when it is asked for, or soon after."""

    def __init__(self, base: str, pyproject: Path, enabled: Collection[str]) -> None:
        """Start the process; OSError when that cannot be done. ``enabled`` are optional codes to be looked for."""
        self._entries: dict[Task, ModuleFindings] = {}
        self._pending: set[Task] = set()
        self._rest = b""
        self._read = 0
        # Not a pipe, which would make the process wait for its reader.
        self._output = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # closed with the process that asks
        packages = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (packages, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603  # a module of ours, run by this interpreter
            [sys.executable, "-P", "-m", _WORKER],
            stdin=subprocess.PIPE,
            stdout=self._output,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._send([base, str(pyproject), sorted(enabled)])

    def add(self, task: Task) -> None:
        """Let the process check one more module."""
        self._pending.add(task)
        self._send(task)

    @staticmethod
    def is_possible() -> bool:
        """Whether this platform has what it takes."""
        return hasattr(os, "pread") and bool(sys.executable)

    def get(self, module: str, path: str, roots: tuple[str, ...]) -> ModuleFindings | None:
        """Return what was found in a module, waiting for it; None when the process was not asked, or failed."""
        task = (module, path, roots)
        self._drain()
        if task in self._pending:
            self._send(task)
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
