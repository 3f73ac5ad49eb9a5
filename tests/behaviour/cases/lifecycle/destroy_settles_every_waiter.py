"""Whoever waits when the runtime is destroyed is told so; nobody is left waiting."""

import threading
from collections.abc import Callable

from dbos_typed import DBOS, SetWorkflowID, error
from dbos_typed.runtime import current
from dbos_typed.runtime.hub import Hub
from tests.behaviour.app import App

FORMS = ("sync",)  # waits on threads of its own


def check(app: App) -> None:
    gate = app.gate()
    settled: list[str] = []

    @DBOS.workflow()
    def slow() -> None:
        gate.wait()

    with SetWorkflowID("slow"):
        handle = DBOS.start_workflow(slow)
    waits: dict[str, Callable[[], object]] = {
        "result": lambda: handle.get_result(),
        "event": lambda: DBOS.get_event("slow", "never", timeout_seconds=3600),
        "creation": lambda: DBOS.retrieve_workflow("missing", existing_workflow=False),
    }

    def wait(name: str) -> None:
        try:
            waits[name]()
        except error.DBOSInitializationError as told:
            settled.append(f"{name}: {'destroyed' in str(told)}")

    threads = [threading.Thread(target=wait, args=(name,)) for name in waits]
    for thread in threads:
        thread.start()
    app.until(lambda: _waiters() >= len(waits))
    DBOS.destroy()
    for thread in threads:
        thread.join(20)
    assert sorted(settled) == ["creation: True", "event: True", "result: True"]


def _waiters() -> int:
    hub = current.get().engine.listener
    assert isinstance(hub, Hub)
    keys = {key[0] for key in hub._waiters}
    return len(keys & {"done", "event", "created"})
