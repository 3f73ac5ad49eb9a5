"""One database with a launched runtime, whose uses of it a saboteur may let fail."""

import asyncio
import threading
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dbos_typed import DBOS
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
from tests.simulation.waiting import PATIENCE_SECONDS, until

HERE = Path(__file__).parent
MODULES = ("calls", "conversations", "steering")
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

    def __init__(self, url: str, form: Form, patch: pytest.MonkeyPatch) -> None:
        self.url = url
        self.form = form
        self.saboteur = Saboteur()
        self.observer = Observer(url)
        self.bench = Bench(self.saboteur.window, is_waiting=self.observer.is_waiting)
        self._callers = ThreadPoolExecutor(4, thread_name_prefix="caller")
        self._loop = asyncio.new_event_loop()
        self._looping = threading.Thread(target=self._loop.run_forever, name="caller-loop", daemon=True)
        patch.setattr(registry, "_workflows", {})
        patch.setattr(registry, "_queues", {})
        patch.setattr(ownership, "LOOK_SECONDS", LOOK_SECONDS)
        patch.setattr(ownership, "SHORTEST_PAUSE_SECONDS", SHORTEST_LOOK_SECONDS)
        patch.setattr(availability, "FIRST_PAUSE_SECONDS", PAUSE_SECONDS)
        patch.setattr(availability, "MOST_PAUSE_SECONDS", MOST_PAUSE_SECONDS)
        patch.setattr(patience, "MOST_PAUSE_SECONDS", MOST_PAUSE_SECONDS)
        sabotage_journal(self.saboteur, patch)
        self.operations: list[Operation] = [
            operation for name in MODULES for operation in written_in(form, name).define(self.bench)
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
            "database_url": self.url,
            "executor_id": "e",
            "application_version": "v",
            "log_level": "CRITICAL",
        }
        DBOS(config=config)
        DBOS.launch()
        sabotage_engine(self.saboteur, self.runtime.database.engine)

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
            DBOS.destroy()
            self._callers.shutdown(wait=False, cancel_futures=True)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._looping.join()
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
            self.observer.close()
