"""One database with a launched runtime, whose uses of it a saboteur may let fail."""

import asyncio
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dbos_typed import DBOS, DBOSClient
from dbos_typed.api.registration import registry
from dbos_typed.runtime import current, patience
from dbos_typed.runtime.runtime import Runtime
from dbos_typed.runtime.services import ownership
from dbos_typed.storage import availability
from tests.behaviour.forms import Form, load
from tests.simulation.observation import Observer
from tests.simulation.operation import Bench, Operation
from tests.simulation.sabotage import sabotage_engine, sabotage_journal
from tests.simulation.saboteur import Saboteur
from tests.simulation.upkeep import Upkeep
from tests.simulation.waiting import PATIENCE_SECONDS, until

HERE = Path(__file__).parent
MODULES = (
    "calls",
    "transactions",
    "conversations",
    "steering",
    "queueing",
    "instances",
    "clients",
    "housekeeping",
)
"""Where operations are defined."""
SEPARATE_MODULES = ("transactions", "instances")
"""Where those are defined to which it matters that the application has a database of its own."""
REGISTERED = ("_workflows", "_queues", "_classes", "_instances", "_schedules")
LOOK_SECONDS = 0.06
SHORTEST_LOOK_SECONDS = 0.03
SETTLE_SECONDS = 8.0
"""Within how many seconds what was left behind ends without anybody's help."""
PAUSE_SECONDS = 0.002
MOST_PAUSE_SECONDS = 0.03


def written_in(form: Form, name: str) -> ModuleType:
    """A module of this folder that is written with coroutines, in one of its forms."""
    return load(HERE / f"{name}.py", f"simulation.{name}", form)


class Laboratory:
    """A database, its runtime, and the operations in one form."""

    def __init__(
        self,
        url: str,
        form: Form,
        patch: pytest.MonkeyPatch,
        *,
        application_url: str | None = None,
        modules: Sequence[str] = MODULES,
        patience_seconds: float = 60.0,
    ) -> None:
        """`application_url` is that of the application's database, when it has one of its own.

        `patience_seconds` is how long callers outside workflows wait for a database that does not answer.
        """
        self.url = url
        self.application_url = application_url
        self.form = form
        self.patience_seconds = patience_seconds
        self.saboteur = Saboteur()
        self.observer = Observer(url, application_url)
        self._client: DBOSClient | None = None
        self.bench = Bench(
            self.saboteur.window,
            is_waiting=self.observer.is_waiting,
            lend_client=self.lend_client,
            upkeep=Upkeep(lambda: self.runtime, self.observer.give_to),
        )
        self._callers = ThreadPoolExecutor(4, thread_name_prefix="caller")
        self._loop = asyncio.new_event_loop()
        self._looping = threading.Thread(target=self._loop.run_forever, name="caller-loop", daemon=True)
        for name in REGISTERED:
            patch.setattr(registry, name, {})
        patch.setattr(ownership, "LOOK_SECONDS", LOOK_SECONDS)
        patch.setattr(ownership, "SHORTEST_PAUSE_SECONDS", SHORTEST_LOOK_SECONDS)
        patch.setattr(availability, "FIRST_PAUSE_SECONDS", PAUSE_SECONDS)
        patch.setattr(availability, "MOST_PAUSE_SECONDS", MOST_PAUSE_SECONDS)
        patch.setattr(patience, "MOST_PAUSE_SECONDS", MOST_PAUSE_SECONDS)
        sabotage_journal(self.saboteur, patch)
        self.operations: list[Operation] = [
            operation for name in modules for operation in written_in(form, name).define(self.bench)
        ]
        probe = written_in(form, "probe")
        self.inside: Mapping[str, Callable[[str], Any]] = {
            operation.name: probe.inside(operation) for operation in self.operations if operation.is_inside
        }

    @property
    def backend(self) -> str:
        return self.observer.backend

    def launch(self) -> None:
        """Launch a runtime on the database."""
        config: Any = {
            "name": "lab",
            "system_database_url": self.url,
            "database_url": self.application_url or self.url,
            "database_timeout_seconds": self.patience_seconds,
            "executor_id": "e",
            "application_version": "v",
            "log_level": "CRITICAL",
        }
        DBOS(config=config)
        DBOS.launch()
        sabotage_engine(self.saboteur, self.runtime.database.engine)
        if self.runtime.application is not None:
            sabotage_engine(self.saboteur, self.runtime.application.engine)

    def lend_client(self) -> DBOSClient:
        """A client of the database, whose uses of it may fail too."""
        if self._client is None:
            self._client = DBOSClient(self.url, database_timeout_seconds=self.patience_seconds)
            backend: Any = self._client._backend  # what it stands on is sabotaged
            sabotage_engine(self.saboteur, backend.database.engine)
        return self._client

    @property
    def runtime(self) -> Runtime:
        """The launched runtime."""
        launched = current.get()
        assert isinstance(launched, Runtime)
        return launched

    def begin(self, body: Callable[..., Any], *args: object) -> Future[Any]:
        """Call a function in this laboratory's form on a thread, or in a task, of its own."""
        if self.form == "async":
            return asyncio.run_coroutine_threadsafe(body(*args), self._loop)
        return self._callers.submit(body, *args)

    def answer_of(self, call: Future[Any]) -> str:
        """What a call returned or raised, as text."""
        try:
            return repr(call.result(2 * PATIENCE_SECONDS))
        except Exception as error:  # noqa: BLE001  # it is the answer
            return f"{type(error).__name__}: {error}"

    def unfinished_in_the_end(self, workflow_id: str) -> list[tuple[str, str]]:
        """Wait until the workflow and those that it started have ended; the ids and statuses of those that do not."""
        journal = self.runtime.database.journal

        def has_ended() -> bool:
            # A write may be under way of which whoever asked for it does not hear any more.
            return journal.oldest_unanswered_seconds is None and not self.observer.unfinished(workflow_id)

        try:
            until(has_ended, SETTLE_SECONDS)
        except TimeoutError:
            return self.observer.unfinished(workflow_id)
        return []

    @contextmanager
    def launched(self) -> Generator["Laboratory"]:
        """Launch for the duration of the block, and close everything after it."""
        self._looping.start()
        self.observer.create_tables()
        self.launch()
        try:
            yield self
        finally:
            if self._client is not None:
                self._client.destroy()
            DBOS.destroy()
            self._callers.shutdown(wait=False, cancel_futures=True)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._looping.join()
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self.observer.close()
