"""One measurement: a driver process on a database of its own."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import Databases
from benchmarks.protocol import Report, parse
from benchmarks.scenarios import Contender, Scenario

ROOT = Path(__file__).parents[1]
PEER_PYTHON = ROOT / "benchmarks" / ".venv-dbos" / "bin" / "python"


class MeasurementError(Exception):
    """A driver failed or took too long; the message holds the end of what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is measured: one contender in one scenario, `count` workflows or messages."""

    contender: Contender
    scenario: Scenario
    count: int

    def exists(self) -> bool:
        """Whether there is something to measure: nothing can share a commit when each is waited for."""
        return self.contender != "batched" or self.scenario.name not in {"sequential", "message"}

    def command(self, phase: str, database_url: str, peer_python: Path) -> list[str]:
        """The command line of the driver process."""
        python = str(peer_python) if self.contender == "dbos" else sys.executable
        module = "benchmarks.floor_driver" if self.contender in {"floor", "batched"} else "benchmarks.engine_driver"
        return [python, "-m", module, self.contender, self.scenario.name, phase, str(self.count), database_url]


class Laboratory:
    """Runs measurements on one kind of database; keeps what killed processes left, to start each round from a copy."""

    def __init__(self, databases: Databases, peer_python: Path) -> None:
        self._databases = databases
        self._peer_python = peer_python
        self._left_behind: dict[Setup, str] = {}

    def measure(self, setup: Setup) -> Report:
        """Run `setup` once on a fresh database.

        Raises MeasurementError.
        """
        if setup.scenario.name == "recovery":
            if setup not in self._left_behind:
                self._left_behind[setup] = self._leave_behind(setup)
            url = self._databases.copy(self._left_behind[setup])
        else:
            url = self._databases.fresh()
        try:
            return self._run(setup, "measure", url, "result")
        finally:
            self._databases.drop(url)

    def _leave_behind(self, setup: Setup) -> str:
        url = self._databases.fresh()
        self._run(setup, "prepare", url, "waiting")
        return url

    def _run(self, setup: Setup, phase: str, url: str, wanted: str) -> Report:
        timed_out = threading.Event()
        environment = {**os.environ, "PYTHONPATH": "", "PYTHONHASHSEED": "0"}
        with subprocess.Popen(
            setup.command(phase, url, self._peer_python),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            complaints: list[str] = []
            reader = threading.Thread(target=complaints.extend, args=(process.stderr or (),))
            reader.start()

            def stop() -> None:
                timed_out.set()
                process.kill()

            timer = threading.Timer(setup.scenario.timeout_seconds, stop)
            timer.start()
            line = process.stdout.readline() if process.stdout else ""
            timer.cancel()
            # The figures are in. How an engine shuts down is not measured, and a waiting process is there to be killed.
            process.send_signal(signal.SIGKILL)
            reader.join()
        if line:
            report = parse(line)
            if report.kind == wanted:
                return report
        reason = (
            f"no result within {setup.scenario.timeout_seconds:.0f} s" if timed_out.is_set() else "the driver failed"
        )
        message = f"{setup.contender}, {setup.scenario.name} ({phase}): {reason}\n{''.join(complaints[-20:])}"
        raise MeasurementError(message)
