"""Executors as the observer sees them: processes that are started, frozen and killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypedDict

from dbos_typed import DBOSConfig

ROOT = Path(__file__).parents[2]
LAUNCH_SECONDS = 60.0


class Options(TypedDict):
    """What a worker is told."""

    folder: str
    executor: str
    config: dict[str, Any]


def configuration(url: str, executor: str, wishes: Mapping[str, object]) -> dict[str, Any]:
    """The configuration of an executor; a wish for a key that the package does not have is left out."""
    known = {key: value for key, value in wishes.items() if key in DBOSConfig.__annotations__}
    return {
        "name": "faults",
        "database_url": url,
        "executor_id": executor,
        "application_version": "v1",
        "log_level": "WARNING",
        **known,
    }


class Executor:
    """One process. What it logs is in FOLDER/log-NAME."""

    def __init__(self, name: str, folder: Path, url: str, wishes: Mapping[str, object]) -> None:
        self.name = name
        self.is_doomed = False
        """Whether it was killed on purpose."""
        self.stopped: tuple[float, float] | None = None
        """From when to when it was frozen."""
        self._folder = folder
        options = Options(folder=str(folder), executor=name, config=configuration(url, name, wishes))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", json.dumps(options)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'codegen'}"},
            )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The end of what it logged."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "nothing"

    def until(self, phase: Literal["launching", "launched"]) -> bool:
        """Wait until the engine is being launched, or is launched; whether it came to that."""
        deadline = time.monotonic() + LAUNCH_SECONDS
        mark = self._folder / f"{phase}-{self.name}"
        while not mark.exists() and self.is_alive and time.monotonic() < deadline:
            time.sleep(0.02)
        return mark.exists()

    def rest(self) -> None:
        """Have it start no more."""
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.write(b"rest\n")
                self._process.stdin.flush()

    def kill(self) -> None:
        """End the process as a power cut does. Idempotent."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()

    def doom(self) -> None:
        """Kill it on purpose."""
        self.is_doomed = True
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Stop it where it is."""
        self.stopped = (time.time(), float("inf"))
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self.stopped is not None:
            self.stopped = (self.stopped[0], time.time())
        self._process.send_signal(signal.SIGCONT)

    @property
    def _log(self) -> Path:
        return self._folder / f"log-{self.name}"
