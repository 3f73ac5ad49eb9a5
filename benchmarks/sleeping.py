"""What thousands of sleeping async workflows cost one process: memory, threads, and time to start them.

Run: python -m benchmarks.sleeping [--count 10000] [--databases sqlite,postgres] [--idle-seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from benchmarks.databases import open_databases
from benchmarks.scenarios import DatabaseName
from dbos_typed import DBOS

ROOT = Path(__file__).parents[1]
MEMORY_FILE = Path("/proc/self/status")
NAP_SECONDS = 3600.0
TIMEOUT_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one process measured."""

    database: str
    workflows: int
    started_per_second: float
    kilobytes_each: float
    """Resident memory, of what the workflows added."""
    megabytes: float
    """Resident memory of the whole process while they sleep."""
    threads: int
    threads_before: int
    """After launch, before any workflow."""
    idle_processor_percent: float
    """Of one processor, while all of them sleep."""
    cancelled_in_seconds: float
    """Until all of them have stopped, when they are cancelled at once."""


@DBOS.workflow()
async def nap(number: int) -> int:
    """One call that sleeps."""
    await DBOS.sleep_async(NAP_SECONDS)
    return number


def main() -> int:
    """Measure on each database in a process of its own."""
    arguments = _parser().parse_args()
    if arguments.url:
        figures = asyncio.run(_measure(arguments.databases, arguments.url, arguments.count, arguments.idle_seconds))
        print(json.dumps(asdict(figures)))
        sys.stdout.flush()
        # How the engine shuts down is not measured.
        os._exit(0)
    names: list[DatabaseName] = [name for name in ("sqlite", "postgres") if name in arguments.databases.split(",")]
    rows: list[Figures] = []
    with open_databases(names) as databases:
        for name in names:
            url = databases[name].fresh()
            rows.append(_in_a_process(name, url, arguments.count, arguments.idle_seconds))
            databases[name].drop(url)
    print(_table(rows))
    return 0


def _in_a_process(name: DatabaseName, url: str, count: int, idle_seconds: float) -> Figures:
    command = [sys.executable, "-m", "benchmarks.sleeping", "--databases", name, "--url", url]
    done = subprocess.run(
        [*command, "--count", str(count), "--idle-seconds", str(idle_seconds)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    return Figures(**json.loads(done.stdout))


async def _measure(database: str, url: str, count: int, idle_seconds: float) -> Figures:
    DBOS(config={"name": "sleeping", "database_url": url, "application_version": "1", "log_level": "ERROR"})
    DBOS.launch()
    # What the first workflow needs once is no part of what each needs.
    await DBOS.cancel_workflow_async((await DBOS.start_workflow_async(nap, -1)).workflow_id)
    gc.collect()
    memory_before, threads_before = _resident_kilobytes(), threading.active_count()
    started = time.perf_counter()
    handles = await asyncio.gather(*(DBOS.start_workflow_async(nap, number) for number in range(count)))
    ids = [handle.workflow_id for handle in handles]
    del handles
    while await DBOS.list_workflow_steps_async(ids[-1]) == []:  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - started
    gc.collect()
    memory = _resident_kilobytes()
    threads = threading.active_count()
    processor = time.process_time()
    await asyncio.sleep(idle_seconds)
    idle = (time.process_time() - processor) / idle_seconds
    started = time.perf_counter()
    await DBOS.cancel_workflows_async(ids)
    # Each is a task of this loop, as this function is.
    while len(asyncio.all_tasks()) > 1:  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(0.01)
    return Figures(
        database=database,
        workflows=count,
        started_per_second=count / seconds,
        kilobytes_each=(memory - memory_before) / count,
        megabytes=memory / 1024,
        threads=threads,
        threads_before=threads_before,
        idle_processor_percent=100 * idle,
        cancelled_in_seconds=time.perf_counter() - started,
    )


def _resident_kilobytes() -> int:
    found = next(line for line in MEMORY_FILE.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(found.split()[1])


def _table(rows: list[Figures]) -> str:
    names = [field.name for field in fields(Figures)]
    lines = [names, ["---"] * len(names)]
    lines += [[_shown(value) for value in asdict(row).values()] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sleeping", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many workflows sleep (default 10000)")
    parser.add_argument("--databases", default="sqlite,postgres", help="comma-separated: sqlite, postgres")
    parser.add_argument("--idle-seconds", type=float, default=10.0, help="how long to watch them sleep (default 10)")
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
