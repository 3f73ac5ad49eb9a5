"""Victims as a test sees them: processes that are told things, watched and killed."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, Row, create_engine, text

from dbos_typed.storage.database import parse_url

SCRIPT = Path(__file__).with_name("victim.py")
ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 30.0
SLEEP_SECONDS = 1.0
STACKS_SECONDS = 0.5
"""Within which a process writes down where its threads stand."""


class Victim:
    """One process. It is killed at the end of the test if not before."""

    def __init__(self, url: str, folder: Path) -> None:
        self._announced: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), url, str(folder), str(SLEEP_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self._reader.start()

    def tell(self, *commands: str) -> None:
        """Say the commands, which are obeyed one after the other."""
        assert self.process.stdin is not None
        for command in commands:
            self.process.stdin.write(f"{command}\n")

    def until(self, phase: str) -> None:
        """Block until the phase is announced."""
        heard: list[str | None] = []
        deadline = time.monotonic() + WAIT_SECONDS
        while (word := self._next(deadline, phase, heard)) != phase:
            heard.append(word)
            assert word is not None, f"the process ended before {phase!r}; it announced {heard[:-1]}"

    def kill(self) -> None:
        """End the process as a power cut would. Idempotent."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None and not stream.closed:
                stream.close()

    def _next(self, deadline: float, phase: str, heard: Sequence[str | None]) -> str | None:
        try:
            return self._announced.get(timeout=max(deadline - time.monotonic(), 0.001))
        except queue.Empty:
            # Where it stands is written to standard error, which pytest shows.
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(STACKS_SECONDS)
            raise AssertionError(f"no {phase!r} within {WAIT_SECONDS} s; the process announced {heard}") from None

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._announced.put(line.rstrip("\n"))
        self._announced.put(None)


class Scene:
    """A database, a folder of effects, and the processes of a test."""

    def __init__(self, url: str, folder: Path, engine: Engine) -> None:
        self._url = url
        self._folder = folder
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self.prefix = "dbos_" if self._is_sqlite else "dbos_typed."
        self._victims: list[Victim] = []
        self._spare = self._new()

    def victim(self) -> Victim:
        """A process that has started and waits for its commands; the next one is made ready meanwhile."""
        victim = self._spare
        victim.until("ready")
        self._spare = self._new()
        return victim

    def rows(self, query: str, **parameters: object) -> Sequence[Row[tuple[object, ...]]]:
        """Rows of a query; `{prefix}` stands before the names of the engine's tables."""
        with self._engine.connect() as connection:
            return connection.execute(text(query.format(prefix=self.prefix)), parameters).all()

    def until_found(self, query: str, **parameters: object) -> Row[tuple[object, ...]]:
        """Block until the query gives a row."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not (rows := self.rows(query, **parameters)):
            assert time.monotonic() < deadline, f"nothing came within {WAIT_SECONDS} s: {query}"
            time.sleep(0.005)
        return rows[0]

    def until_sessions_ended(self) -> None:
        """Block until the server has noticed that the killed process is gone."""
        if not self._is_sqlite:
            self.until_found(
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name LIKE 'dbos_typed%')"
            )

    def effects(self) -> Counter[tuple[str, str]]:
        """How often each step of each workflow happened."""
        return Counter((line.split()[0], line.split()[1]) for line in self._lines())

    def time_of(self, name: str) -> float:
        """When a step happened last, in seconds since the epoch."""
        return float([line.split()[2] for line in self._lines() if line.split()[1] == name][-1])

    def close(self) -> None:
        for victim in self._victims:
            victim.kill()

    def _lines(self) -> list[str]:
        return (self._folder / "effects").read_text().splitlines()

    def _new(self) -> Victim:
        victim = Victim(self._url, self._folder)
        self._victims.append(victim)
        return victim


@contextmanager
def scene(url: str, folder: Path) -> Iterator[Scene]:
    """A scene on a fresh database."""
    engine = create_engine(parse_url(url))
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE payments (workflow_id TEXT NOT NULL)"))
        found = Scene(url, folder, engine)
        try:
            yield found
        finally:
            found.close()
    finally:
        engine.dispose()
