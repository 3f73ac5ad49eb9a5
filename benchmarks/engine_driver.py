"""Runs one scenario on one engine: `python -m benchmarks.engine_driver PACKAGE SCENARIO PHASE COUNT DATABASE_URL`.

Both engines have the same interface, so the code is the same; only the name of the package differs.
"""

import asyncio
import importlib
import random
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, ParamSpec, Protocol, TextIO, TypeVar

from benchmarks.protocol import Report, claim_stdout, send
from benchmarks.scenarios import EXECUTOR_THREADS, MESSAGE_TOPIC, STEPS, WARM_UP_WORKFLOWS

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])

_RECEIVERS = 10
# The receiver must be waiting already, and an engine that polls (once a second) must be met at any point of its period.
_PAUSE_SECONDS = (0.02, 1.02)
_DRAIN_POLL_SECONDS = 0.01


class Handle(Protocol):
    """Of a workflow that was started."""

    def get_result(self) -> int: ...
    def get_workflow_id(self) -> str: ...


class AsyncHandle(Protocol):
    """Of an async workflow that was started."""

    async def get_result(self) -> int: ...


class Facade(Protocol):
    """The part of the class `DBOS` that is used here."""

    def __call__(self, *, config: Mapping[str, object]) -> object: ...
    def launch(self) -> None: ...
    def destroy(self) -> None: ...
    def step(self) -> Callable[[F], F]: ...
    def workflow(self) -> Callable[[F], F]: ...
    def start_workflow(self, func: Callable[P, int], *args: P.args, **kwargs: P.kwargs) -> Handle: ...
    async def start_workflow_async(
        self, func: Callable[P, Coroutine[Any, Any, int]], *args: P.args, **kwargs: P.kwargs
    ) -> AsyncHandle: ...
    def send(self, destination_id: str, message: object, topic: str | None = None) -> None: ...
    def recv(self, topic: str | None = None, timeout_seconds: float = 60) -> object: ...
    def list_workflows(self, *, status: list[str], limit: int) -> list[object]: ...


class _Receiver:
    def __init__(self) -> None:
        self.waiting = threading.Semaphore(0)
        self.received_at = SimpleQueue[float]()


class Run:
    """One engine, one database, one scenario."""

    def __init__(self, package: str, count: int, database_url: str, channel: TextIO) -> None:
        self.dbos: Facade = importlib.import_module(package).DBOS
        self.package = package
        self.count = count
        self.database_url = database_url
        self.channel = channel

    def launch(self, *, threads: int = EXECUTOR_THREADS) -> None:
        """Open the database and start the engine's services."""
        config: dict[str, object] = {
            "name": "bench",
            "system_database_url": self.database_url,
            "application_version": "1",
            "max_executor_threads": threads,
            "log_level": "ERROR",
        }
        if self.package == "dbos_typed":
            config["database_url"] = self.database_url
        self.dbos(config=config)
        self.dbos.launch()

    def report(self, seconds: float) -> None:
        """Send the result of a scenario that measures throughput."""
        send(self.channel, Report(kind="result", operations=self.count, seconds=seconds))

    def sequential(self) -> None:
        """Call workflows directly, one after the other."""
        workflow = self._define()
        self.launch()
        for n in range(WARM_UP_WORKFLOWS):
            workflow(n)
        start = time.perf_counter()
        for n in range(self.count):
            _expect(workflow(n), n + STEPS)
        self.report(time.perf_counter() - start)

    def threads(self) -> None:
        """Call workflows directly from as many threads as the engine has."""
        workflow = self._define()
        self.launch()
        with ThreadPoolExecutor(EXECUTOR_THREADS) as callers:
            list(callers.map(workflow, range(WARM_UP_WORKFLOWS)))
            start = time.perf_counter()
            for n, result in enumerate(callers.map(workflow, range(self.count))):
                _expect(result, n + STEPS)
            self.report(time.perf_counter() - start)

    def started(self) -> None:
        """Start all from this thread, then wait for all."""
        workflow = self._define()
        self.launch()
        for handle in [self.dbos.start_workflow(workflow, n) for n in range(WARM_UP_WORKFLOWS)]:
            handle.get_result()
        start = time.perf_counter()
        handles = [self.dbos.start_workflow(workflow, n) for n in range(self.count)]
        for n, handle in enumerate(handles):
            _expect(handle.get_result(), n + STEPS)
        self.report(time.perf_counter() - start)

    def asynchronous(self) -> None:
        """Start all on one event loop, then gather all."""

        @self.dbos.step()
        async def step(n: int) -> int:
            return n + 1

        @self.dbos.workflow()
        async def workflow(n: int) -> int:
            for _ in range(STEPS):
                n = await step(n)
            return n

        async def run(count: int) -> None:
            handles = await asyncio.gather(*(self.dbos.start_workflow_async(workflow, n) for n in range(count)))
            for n, result in enumerate(await asyncio.gather(*(handle.get_result() for handle in handles))):
                _expect(result, n + STEPS)

        async def measure() -> float:
            await run(WARM_UP_WORKFLOWS)
            start = time.perf_counter()
            await run(self.count)
            return time.perf_counter() - start

        self.launch()
        self.report(asyncio.run(measure()))

    def message(self) -> None:
        """A few workflows wait for messages again and again; each message is sent while its receiver waits."""
        receivers = [_Receiver() for _ in range(_RECEIVERS)]

        @self.dbos.workflow()
        def receive(index: int) -> int:
            receiver = receivers[index]
            while True:
                receiver.waiting.release()
                more = self.dbos.recv(MESSAGE_TOPIC, 600)
                receiver.received_at.put(time.perf_counter())
                if not more:
                    return index

        def converse(index: int) -> list[float]:
            receiver = receivers[index]
            handle = self.dbos.start_workflow(receive, index)
            samples: list[float] = []
            for remaining in reversed(range(self.count // _RECEIVERS)):
                receiver.waiting.acquire()
                time.sleep(random.uniform(*_PAUSE_SECONDS))
                start = time.perf_counter()
                self.dbos.send(handle.get_workflow_id(), remaining > 0, MESSAGE_TOPIC)
                samples.append(receiver.received_at.get() - start)
            handle.get_result()
            return samples

        self.launch()
        with ThreadPoolExecutor(_RECEIVERS) as senders:
            samples = [sample for some in senders.map(converse, range(_RECEIVERS)) for sample in some]
        send(self.channel, Report(kind="result", operations=len(samples), samples=samples))

    def recovery_prepare(self) -> None:
        """Bring all workflows into their second step and wait there to be killed."""
        blocked = threading.Semaphore(0)
        never = threading.Event()

        def block() -> None:
            blocked.release()
            never.wait()

        workflow, _ = self._define_recoverable(block)
        self.launch(threads=self.count + EXECUTOR_THREADS)
        for n in range(self.count):
            self.dbos.start_workflow(workflow, n)
        for _ in range(self.count):
            blocked.acquire()
        send(self.channel, Report(kind="waiting"))
        never.wait()

    def recovery(self) -> None:
        """Launch on the database that a killed process left and wait until nothing is pending."""
        done = threading.Semaphore(0)
        _, executed = self._define_recoverable(lambda: None, finished=done.release)
        start = time.perf_counter()
        self.launch()
        for _ in range(self.count):
            done.acquire()
        while self.dbos.list_workflows(status=["PENDING", "ENQUEUED"], limit=1):
            time.sleep(_DRAIN_POLL_SECONDS)
        seconds = time.perf_counter() - start
        _expect(sorted(executed), sorted(["second", "third"] * self.count))
        self.report(seconds)

    def _define(self) -> Callable[[int], int]:
        @self.dbos.step()
        def step(n: int) -> int:
            return n + 1

        @self.dbos.workflow()
        def workflow(n: int) -> int:
            for _ in range(STEPS):
                n = step(n)
            return n

        return workflow

    def _define_recoverable(
        self, in_second_step: Callable[[], None], finished: Callable[[], None] = lambda: None
    ) -> tuple[Callable[[int], int], list[str]]:
        executed: list[str] = []

        @self.dbos.step()
        def first(n: int) -> int:
            executed.append("first")
            return n + 1

        @self.dbos.step()
        def second(n: int) -> int:
            in_second_step()
            executed.append("second")
            return n + 1

        @self.dbos.step()
        def third(n: int) -> int:
            executed.append("third")
            return n + 1

        @self.dbos.workflow()
        def recoverable(n: int) -> int:
            result = third(second(first(n)))
            finished()
            return result

        return recoverable, executed


def _expect(got: R, wanted: R) -> None:
    if got != wanted:
        message = f"the engine computed {str(got)[:200]} instead of {str(wanted)[:200]}"
        raise RuntimeError(message)


def main() -> None:
    """Run what the command line says and report it."""
    package, scenario, phase, count, database_url = sys.argv[1:]
    channel = claim_stdout()
    run = Run(package, int(count), database_url, channel)
    actions: dict[str, Callable[[], None]] = {
        "sequential": run.sequential,
        "threads": run.threads,
        "started": run.started,
        "async": run.asynchronous,
        "message": run.message,
        "recovery": run.recovery_prepare if phase == "prepare" else run.recovery,
    }
    actions[scenario]()
    run.dbos.destroy()


if __name__ == "__main__":
    main()
