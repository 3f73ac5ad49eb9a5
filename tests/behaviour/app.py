"""What a case is given: an application on a fresh database, ways to look into it, and ways to let it crash."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Engine, create_engine, event, make_url, text

from dbos_typed import DBOS, DBOSConfig
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.behaviour.forms import Form

PATIENCE_SECONDS = 20.0
_TABLES = ("workflows", "steps", "messages", "events")
# A database gives rows in any order unless it is told one.
_ORDERS = {"messages": "seq", "steps": "workflow_id, number", "events": "workflow_id, key"}


class Gate:
    """Closed until it is opened, from any thread; passing it later is free."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    @property
    def is_open(self) -> bool:
        return self._opened.is_set()

    def open(self) -> None:
        with self._lock:
            self._opened.set()
            waiting, self._waiting = self._waiting, []
        for loop, waiter in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(waiter.set)

    def wait(self) -> None:
        """TimeoutError: nobody opened it within the patience of a test."""
        if not self._opened.wait(PATIENCE_SECONDS):
            raise TimeoutError("nobody opened the gate")

    async def wait_async(self) -> None:
        """The same, holding no thread."""
        waiter = asyncio.Event()
        with self._lock:
            if self._opened.is_set():
                return
            self._waiting.append((asyncio.get_running_loop(), waiter))
        await asyncio.wait_for(waiter.wait(), PATIENCE_SECONDS)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.getMessage()}")


class App:
    """An application under test."""

    def __init__(self, database_url: str, form: Form) -> None:
        self.database_url = database_url
        self.form = form
        self._gates: list[Gate] = []
        self._own_tables: list[str] = []
        self._looking = threading.Lock()
        self._is_rewound = False
        self._handler = _Lines()
        DBOS.logger.addHandler(self._handler)
        url = make_url(database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._prefix = "dbos_" if self.is_sqlite else "dbos_typed."
        self._database = _engine(database_url)

    # --- life

    @property
    def config(self) -> dict[str, Any]:
        """The configuration with which the application is launched."""
        return {
            "name": "behaviour",
            "database_url": self.database_url,
            "application_version": "1",
            "executor_id": "here",
            "log_level": "DEBUG",
        }

    def launch(self, **changes: object) -> None:
        DBOS(config=cast("DBOSConfig", {**self.config, **changes}))
        DBOS.launch()
        self._is_rewound = False
        self._let_rewound_workflows_be()

    def crash(self) -> None:
        """Stop without letting anything end; workflows that wait at a gate are left behind."""
        DBOS.destroy()

    async def crash_async(self) -> None:
        await asyncio.to_thread(self.crash)

    def gate(self) -> Gate:
        """A gate that is opened at the end, so that nobody is left behind it."""
        gate = Gate()
        self._gates.append(gate)
        return gate

    def clear(self) -> None:
        """Leave nothing behind: no runtime, no registered function, no thread, no row."""
        try:
            for gate in self._gates:
                gate.open()
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=PATIENCE_SECONDS)
            DBOS.logger.removeHandler(self._handler)
            DBOS.logger.setLevel(logging.NOTSET)
            for table in self._own_tables:
                self.sql(f"DROP TABLE {table}")
            if self._has_tables():
                self.sql("DELETE FROM {dbos}workflows")
        finally:
            self._database.dispose()

    def reset(self) -> None:
        """Stop and forget what is registered, as if the process had begun anew; the database stays."""
        DBOS.destroy(destroy_registry=True)

    def create_table(self, name: str, columns: str) -> None:
        """Create a table of the application's own, for the duration of the case."""
        self.sql(f"CREATE TABLE {name} ({columns})")
        self._own_tables.append(name)

    # --- looking

    @property
    def log(self) -> list[str]:
        """What the engine has logged, each line with its level."""
        return self._handler.lines

    def rows(self, table: str) -> list[Mapping[str, Any]]:
        """The rows of `workflows`, `steps`, `messages` or `events`."""
        order = f" ORDER BY {_ORDERS[table]}" if table in _ORDERS else ""
        return self.sql(f"SELECT * FROM {self._prefix}{table}{order}")

    def row(self, workflow_id: str) -> Mapping[str, Any]:
        return next(row for row in self.rows("workflows") if row["workflow_id"] == workflow_id)

    def counts(self) -> dict[str, int]:
        """How many rows each table has: equal before and after a call that wrote nothing."""
        return {table: len(self.rows(table)) for table in _TABLES}

    def recorded(self, workflow_id: str) -> dict[int, str]:
        """The names of the recorded calls by step number."""
        found = {row["number"]: row["name"] for row in self.rows("steps") if row["workflow_id"] == workflow_id}
        return dict(sorted(found.items()))

    def sql(self, statement: str, **parameters: object) -> list[Mapping[str, Any]]:
        """Run a statement beside the engine. `{dbos}` in it stands for where the engine's tables are."""
        with self._database.begin() as connection:
            result = connection.execute(text(statement.replace("{dbos}", self._prefix)), parameters)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something that gives no signal. TimeoutError: it did not come."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("what the test waits for did not come")
            time.sleep(0.002)

    async def until_async(self, condition: Callable[[], object]) -> None:
        await asyncio.to_thread(self.until, condition)

    # --- crashing and recovering

    def rewind(self, workflow_id: str, *, keep: int) -> None:
        """Make a finished workflow look as if its process had died when `keep` step numbers were recorded.

        Until `recover` or `launch`: the engine, which begins PENDING workflows anew that nobody runs, does not notice.
        """
        with self._looking:
            self._is_rewound = True
        self.sql("DELETE FROM {dbos}steps WHERE workflow_id = :id AND number > :keep", id=workflow_id, keep=keep)
        self.sql(
            "UPDATE {dbos}messages SET taken_by = NULL WHERE destination_id = :id AND taken_by > :keep",
            id=workflow_id,
            keep=keep,
        )
        self.sql(
            "UPDATE {dbos}workflows SET status = 'PENDING', output = NULL, error = NULL WHERE workflow_id = :id",
            id=workflow_id,
        )

    def recover(self) -> list[str]:
        """Recover what is PENDING; the ids of what was taken over."""
        recovered = [handle.workflow_id for handle in DBOS.recover_pending_workflows(["here"])]
        self._is_rewound = False
        return recovered

    async def recover_async(self) -> list[str]:
        return await asyncio.to_thread(self.recover)

    def rerun(self, workflow_id: str, *, keep: int) -> Any:
        """Rewind a finished workflow, recover it, and give or raise its outcome."""
        self.rewind(workflow_id, keep=keep)
        assert self.recover() == [workflow_id]
        return DBOS.retrieve_workflow(workflow_id).get_result(PATIENCE_SECONDS)

    async def rerun_async(self, workflow_id: str, *, keep: int) -> Any:
        self.rewind(workflow_id, keep=keep)
        assert await self.recover_async() == [workflow_id]
        return await (await DBOS.retrieve_workflow_async(workflow_id)).get_result(PATIENCE_SECONDS)

    def recover_in_vain(self, workflow_id: str) -> None:
        """Recover a workflow that ends without an outcome, because its records do not fit: it stays PENDING."""
        assert self.recover() == [workflow_id]
        self.until(lambda: DBOS.health().running_workflows == 0)
        assert self.row(workflow_id)["status"] == "PENDING"

    async def recover_in_vain_async(self, workflow_id: str) -> None:
        await asyncio.to_thread(self.recover_in_vain, workflow_id)

    def recovered_result(self, workflow_id: str) -> Any:
        """Recover a workflow whose records fit again, and give or raise its outcome."""
        self.until(lambda: self.recover() == [workflow_id])
        return DBOS.retrieve_workflow(workflow_id).get_result(PATIENCE_SECONDS)

    async def recovered_result_async(self, workflow_id: str) -> Any:
        return await asyncio.to_thread(self.recovered_result, workflow_id)

    @contextmanager
    def watch_stopped(self) -> Iterator[None]:
        """A block in which the engine does not begin what is PENDING here and run by nobody."""
        with self._looking:
            self._is_rewound = True
        try:
            yield
        finally:
            self._is_rewound = False

    def _let_rewound_workflows_be(self) -> None:
        runtime = current.find()
        if not isinstance(runtime, Runtime):
            return
        watch: Any = runtime._ownership._body
        look: Callable[[], None] = watch._look

        def look_unless_rewound() -> None:
            with self._looking:
                if not self._is_rewound:
                    look()

        watch._look = look_unless_rewound

    def _has_tables(self) -> bool:
        found = (
            "SELECT name FROM sqlite_master WHERE name = 'dbos_workflows'"
            if self.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'dbos_typed' AND tablename = 'workflows'"
        )
        return bool(self.sql(found))


def _engine(database_url: str) -> Engine:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url.set(drivername="postgresql+psycopg"))
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS})

    def configure(connection: Any, _: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")

    event.listen(engine, "connect", configure)
    return engine
