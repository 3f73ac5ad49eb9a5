"""The necessary writes of a scenario, made by the bare driver: `python -m benchmarks.floor_driver MODE SCENARIO ...`.

Mode `floor` commits every write by itself, on as many connections as the engines have threads (SQLite has one writer).
Mode `batched` writes what may share a commit in one: the bound for an engine that groups its commits.
A workflow of three steps needs five writes, each durable before the next: its row, three checkpoints, its result.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from queue import SimpleQueue

import psycopg
from sqlalchemy import make_url

from benchmarks.floor_storage import (
    CHECKPOINT,
    SCHEMA,
    WRITES,
    Connection,
    PostgresConnection,
    SqliteConnection,
    wave,
    write,
)
from benchmarks.protocol import Report, claim_stdout, send
from benchmarks.scenarios import EXECUTOR_THREADS, MESSAGE_TOPIC


class Floor:
    """One database and the number of workflows."""

    def __init__(self, database_url: str, count: int) -> None:
        url = make_url(database_url)
        self.count = count
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._target = (
            str(url.database)
            if self.is_sqlite
            else url.set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self.connection = self.connect()
        self._pool: AbstractContextManager[Callable[[int, Iterable[int]], None]] = _Inline(self.connection)

    def open_pool(self) -> None:
        """Connect as many writers as the engines have threads; SQLite has one."""
        if not self.is_sqlite:
            self._pool = _Pool(self.connect)

    def connect(self) -> Connection:
        """Open one more connection."""
        return SqliteConnection(self._target) if self.is_sqlite else PostgresConnection(self._target)

    def create_schema(self) -> None:
        """Create the tables, empty."""
        for statement in SCHEMA:
            self.connection.execute(statement)

    def sequential(self) -> None:
        """Five commits a workflow, one workflow after the other."""
        for workflow in range(self.count):
            for position in range(WRITES):
                self.connection.execute(*write(position, workflow))

    def concurrent(self) -> None:
        """Start rows one by one from this thread, the rest from the pool."""
        with self._pool as run:
            for workflow in range(self.count):
                self.connection.execute(*write(0, workflow))
                run(workflow, range(1, WRITES))

    def concurrent_batched(self) -> None:
        """Each start is waited for, hence one commit each; whatever else there is to write shares commits."""
        if self.is_sqlite:
            # One writer at a time: the rest rides along with the next start.
            for newest in range(self.count + WRITES - 1):
                ages = [position for position in range(WRITES) if 0 <= newest - position < self.count]
                self.connection.commit_many([wave(position, [newest - position]) for position in ages])
            return
        queue: SimpleQueue[tuple[int, int]] = SimpleQueue()
        writer = threading.Thread(target=self._write_gathered, args=(self.connect(), queue))
        writer.start()
        for workflow in range(self.count):
            self.connection.execute(*write(0, workflow))
            queue.put((1, workflow))
        writer.join()

    def _write_gathered(self, connection: Connection, queue: SimpleQueue[tuple[int, int]]) -> None:
        """Commit together what has gathered meanwhile; each workflow then asks for its next write."""
        unfinished = self.count
        while unfinished:
            gathered = [queue.get()]
            while not queue.empty():
                gathered.append(queue.get())
            positions = {position for position, _ in gathered}
            connection.commit_many([wave(p, [workflow for q, workflow in gathered if q == p]) for p in positions])
            unfinished -= sum(position == WRITES - 1 for position, _ in gathered)
            for position, workflow in gathered:
                if position < WRITES - 1:
                    queue.put((position + 1, workflow))

    def gathered(self) -> None:
        """Everything from the pool."""
        with self._pool as run:
            for workflow in range(self.count):
                run(workflow, range(WRITES))

    def gathered_batched(self) -> None:
        """All workflows take each step together: five commits in all."""
        for position in range(WRITES):
            self.connection.commit_many([wave(position, range(self.count))])

    def prepare_recovery(self) -> None:
        """Leave every workflow with its first step recorded."""
        self.connection.commit_many([wave(position, range(self.count)) for position in (0, 1)])

    def recovery(self) -> None:
        """Read what is pending, then write the rest of it from the pool."""
        with self._pool as run:
            for workflow in self._pending():
                run(workflow, range(2, WRITES))

    def recovery_batched(self) -> None:
        """As many workflows at a time as the engines have threads."""
        pending = self._pending()
        for start in range(0, len(pending), EXECUTOR_THREADS):
            for position in range(2, WRITES):
                self.connection.commit_many([wave(position, pending[start : start + EXECUTOR_THREADS])])

    def message(self) -> list[float]:
        """Seconds from before a message is inserted until its consumption is committed by the woken receiver."""
        received: SimpleQueue[float] = SimpleQueue()
        ready: SimpleQueue[None] = SimpleQueue()
        wake: SimpleQueue[None] = SimpleQueue()
        receiver = threading.Thread(target=self._receive, args=(ready, wake, received), daemon=True)
        receiver.start()
        samples: list[float] = []
        for n in range(self.count):
            ready.get()
            time.sleep(0.01)  # lets the receiver get from its announcement into its wait
            start = time.perf_counter()
            row = (f"message-{n}", "receiver", MESSAGE_TOPIC, json.dumps(n))
            insert = "INSERT INTO message (id, workflow_id, topic, body) VALUES (?, ?, ?, ?)"
            if self.is_sqlite:
                self.connection.execute(insert, row)
                wake.put(None)
            else:
                self.connection.commit_many([(insert, [row]), ("SELECT pg_notify(?, ?)", [("wake", "receiver")])])
            samples.append(received.get() - start)
        receiver.join()
        return samples

    def _receive(self, ready: SimpleQueue[None], wake: SimpleQueue[None], received: SimpleQueue[float]) -> None:
        connection = self.connect()
        listener = None if self.is_sqlite else psycopg.connect(self._target, autocommit=True)
        if listener is not None:
            listener.execute("LISTEN wake")
        for n in range(self.count):
            ready.put(None)
            if listener is None:
                wake.get()
            else:
                next(listener.notifies())
            query = "SELECT id, body FROM message WHERE workflow_id = ? ORDER BY id LIMIT 1"
            [(identity, body)] = connection.execute(query, ("receiver",))
            consume = ("DELETE FROM message WHERE id = ?", [(identity,)])
            connection.commit_many([consume, (CHECKPOINT, [("receiver", n + 1, body)])])
            received.put(time.perf_counter())
        connection.close()
        if listener is not None:
            listener.close()

    def _pending(self) -> list[int]:
        query = (
            "SELECT w.id, w.input, s.number, s.output FROM workflow w JOIN step s ON s.workflow_id = w.id"
            " WHERE w.status = 'PENDING' ORDER BY w.id"
        )
        return [json.loads(str(row[1]))[0] for row in self.connection.execute(query)]


class _Inline:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Callable[[int, Iterable[int]], None]:
        return self._run

    def __exit__(self, *_: object) -> None: ...

    def _run(self, workflow: int, positions: Iterable[int]) -> None:
        for position in positions:
            self._connection.execute(*write(position, workflow))


class _Pool:
    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connections: SimpleQueue[Connection] = SimpleQueue()
        for _ in range(EXECUTOR_THREADS):
            self._connections.put(connect())
        self._executor = ThreadPoolExecutor(EXECUTOR_THREADS)

    def __enter__(self) -> Callable[[int, Iterable[int]], None]:
        return self._submit

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown()

    def _submit(self, workflow: int, positions: Iterable[int]) -> None:
        self._executor.submit(self._run, workflow, positions)

    def _run(self, workflow: int, positions: Iterable[int]) -> None:
        connection = self._connections.get()
        for position in positions:
            connection.execute(*write(position, workflow))
        self._connections.put(connection)


def main() -> None:
    """Run what the command line says and report it."""
    mode, scenario, phase, count, database_url = sys.argv[1:]
    channel = claim_stdout()
    floor = Floor(database_url, int(count))
    if phase == "prepare":
        floor.create_schema()
        floor.prepare_recovery()
        send(channel, Report(kind="waiting"))
        return
    if scenario == "message":
        floor.create_schema()
        samples = floor.message()
        send(channel, Report(kind="result", operations=len(samples), samples=samples))
        return
    if scenario != "recovery":
        floor.create_schema()
    actions: dict[tuple[str, str], Callable[[], None]] = {
        ("floor", "sequential"): floor.sequential,
        ("floor", "threads"): floor.concurrent,
        ("floor", "started"): floor.concurrent,
        ("batched", "threads"): floor.concurrent_batched,
        ("batched", "started"): floor.concurrent_batched,
        ("floor", "async"): floor.gathered,
        ("batched", "async"): floor.gathered_batched,
        ("floor", "recovery"): floor.recovery,
        ("batched", "recovery"): floor.recovery_batched,
    }
    if mode == "floor":
        floor.open_pool()
    start = time.perf_counter()
    actions[mode, scenario]()
    seconds = time.perf_counter() - start
    row = floor.connection.execute("SELECT count(*) FROM workflow WHERE status = 'SUCCESS'")[0]
    if row[0] != floor.count:
        message = f"{row[0]} of {floor.count} workflows were written"
        raise RuntimeError(message)
    send(channel, Report(kind="result", operations=floor.count, seconds=seconds))


if __name__ == "__main__":
    main()
