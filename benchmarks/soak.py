"""Full load for minutes: whether latency, memory, threads and sessions stay where they are.

`python -m benchmarks.soak --minutes 10` prints a line for each part of the time and compares the last quarter with the
second; the first warms up. What has ended is removed after half a minute, so that a growing database is no excuse.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import psycopg
from sqlalchemy import literal, select

from benchmarks.databases import open_databases
from benchmarks.scenarios import DatabaseName
from dbos_typed import DBOS, DBOSConfig, Queue
from tests.postgres_server import libpq_url

FAILING = 0.02
TASKS = 16
THREADS = 4
PARTS = 20
KEPT_SECONDS = 30.0
MOST_GROWTH = 1.25
"""How much more of anything the last quarter may show than the second; single parts scatter by about as much."""

queue = Queue("soak", concurrency=8)


@dataclass(frozen=True, slots=True)
class Sample:
    """One part of the time."""

    workflows_per_second: float
    p50_ms: float
    p99_ms: float
    memory_mb: float
    threads: int
    sessions: int
    running: int


class Latencies:
    """How long workflows took, since they were last taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: list[float] = []

    def add(self, seconds: float) -> None:
        with self._lock:
            self._seconds.append(seconds)

    def take(self) -> list[float]:
        with self._lock:
            taken, self._seconds = self._seconds, []
        return taken


@DBOS.step()
async def look_up(number: int) -> int:
    """A short step."""
    await asyncio.sleep(0)
    return number + 1


@DBOS.step(retries_allowed=True, max_attempts=10, interval_seconds=0.01)
def charge(number: int) -> int:
    """A step that fails now and then."""
    if random.random() < FAILING:
        msg = "declined"
        raise ValueError(msg)
    return number * 2


@DBOS.transaction()
def book(number: int) -> int:
    """A transaction."""
    booked: int = DBOS.sql_session.execute(select(literal(number))).scalar_one()
    return booked


@DBOS.workflow()
async def queued(number: int) -> int:
    """What comes from a queue."""
    return await look_up(number)


@DBOS.workflow()
def order(number: int) -> int:
    """A synchronous workflow."""
    DBOS.set_event("number", number)
    return book(charge(number))


@DBOS.workflow()
async def tour(number: int) -> int:
    """A coroutine workflow that uses the rest."""
    handle = await queue.enqueue_async(queued, number)
    number = await look_up(number)
    own_id = DBOS.workflow_id or ""
    await DBOS.send_async(own_id, number, "topic")
    received = await DBOS.recv_async("topic", 5)
    await DBOS.write_stream_async("stream", received)
    return number + await handle.get_result()


async def _call_tours(end: float, latencies: Latencies) -> None:
    async def call(first: int) -> None:
        number = first
        while time.monotonic() < end:
            began = time.perf_counter()
            await tour(number)
            latencies.add(time.perf_counter() - began)
            number += TASKS

    await asyncio.gather(*(call(number) for number in range(TASKS)))


def _call_orders(end: float, latencies: Latencies) -> None:
    number = 0
    while time.monotonic() < end:
        began = time.perf_counter()
        order(number)
        latencies.add(time.perf_counter() - began)
        number += 1


def _sample(latencies: Latencies, seconds: float, url: str) -> Sample:
    taken = sorted(latencies.take()) or [0.0]
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Sample(
        workflows_per_second=len(taken) / seconds,
        p50_ms=1000 * taken[len(taken) // 2],
        p99_ms=1000 * taken[len(taken) * 99 // 100],
        memory_mb=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        threads=threading.active_count(),
        sessions=_sessions(url),
        running=DBOS.health().running_workflows,
    )


def _sessions(url: str) -> int:
    """Connections of this process: sessions of the server, or open files of the database."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///")).resolve()
        return sum(file.resolve() == path for file in Path("/proc/self/fd").iterdir())
    with psycopg.connect(libpq_url(url)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        ).fetchone()
    return cast("int", row[0]) if row else 0


def soak(url: str, minutes: float) -> list[Sample]:
    """Load an executor of this process on an empty database; what was seen, part by part."""
    config: DBOSConfig = {
        "name": "soak",
        "system_database_url": url,
        "run_admin_server": False,
        "retention_seconds": KEPT_SECONDS,
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    latencies = Latencies()
    seconds = minutes * 60 / PARTS
    end = time.monotonic() + minutes * 60
    load = [threading.Thread(target=_call_orders, args=(end, latencies)) for _ in range(THREADS)]
    load.append(threading.Thread(target=lambda: asyncio.run(_call_tours(end, latencies))))
    for thread in load:
        thread.start()
    samples: list[Sample] = []
    for part in range(PARTS):
        time.sleep(max(end - (PARTS - part - 1) * seconds - time.monotonic(), 0))
        samples.append(_sample(latencies, seconds, url))
        print(_line(samples[-1]), flush=True)
    for thread in load:
        thread.join()
    DBOS.destroy()
    return samples


def _line(sample: Sample) -> str:
    return (
        f"  {sample.workflows_per_second:7.0f} workflows/s  p50 {sample.p50_ms:6.1f} ms  "
        f"p99 {sample.p99_ms:7.1f} ms  {sample.memory_mb:7.1f} MB  "
        f"{sample.threads:3} threads  {sample.sessions:3} sessions  {sample.running:4} running"
    )


def growth(samples: list[Sample]) -> dict[str, float]:
    """Of each figure: the median of the last quarter by that of the second."""
    quarter = len(samples) // 4
    before, after = samples[quarter : 2 * quarter], samples[-quarter:]
    figures = ("p50_ms", "p99_ms", "memory_mb", "threads", "sessions")
    return {
        name: statistics.median(getattr(each, name) for each in after)
        / max(statistics.median(getattr(each, name) for each in before), 1e-9)
        for name in figures
    }


def main() -> int:
    """Measure each database in turn; 1 if something grew."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--databases", default="sqlite,postgres", help="comma-separated: sqlite, postgres")
    arguments = parser.parse_args()
    names: list[DatabaseName] = arguments.databases.split(",")
    has_grown = False
    with open_databases(names) as databases:
        for name in names:
            url = databases[name].fresh()
            print(f"{name}:", flush=True)
            found = growth(soak(url, arguments.minutes))
            told = ", ".join(f"{figure} x {factor:.2f}" for figure, factor in found.items())
            print(f"  the last quarter by the second: {told}", flush=True)
            has_grown = has_grown or any(factor > MOST_GROWTH for factor in found.values())
    return int(has_grown)


if __name__ == "__main__":
    sys.exit(main())
