"""A workflow that makes every kind of recorded call, in a synchronous and in a coroutine form.

Both are registered anew by each test: other tests may have emptied the registry.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from dbos_typed import DBOS, Event, Topic, Workflow
from dbos_typed.error import DBOSNonExistentWorkflowError

PROGRESS = Event[str]("progress")
NOTE = Topic[str]("note")
GO = Topic[int]("go")

CREATE_PAYMENTS = "CREATE TABLE payments (workflow_id TEXT NOT NULL, amount INTEGER NOT NULL)"

EXPECTED = ("reserved", "flaked", 40, "done 7", "called", "go 7", "note 7", None, "refused", "nobody", "shipped")

STEPS = {"reserve": 1, "flake": 2, "refuse": 1, "ship": 1, "prepare": 1, "help": 1}
"""How often the body of each step runs when nothing crashes."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """How often the body of each step was run through, by workflow and step."""

    runs: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str) -> None:
        with self._lock:
            self.runs[DBOS.workflow_id, name] += 1


class FlakeError(Exception):
    """The first attempt."""


class RefusedError(Exception):
    """What a step raises and its workflow catches."""


def _pay(amount: int) -> int:
    DBOS.sql_session.execute(
        text("INSERT INTO payments (workflow_id, amount) VALUES (:id, :amount)"),
        {"id": DBOS.workflow_id, "amount": amount},
    )
    return amount + 10


def synchronous(ledger: Ledger) -> Workflow[[int], Any]:  # noqa: C901  # many small functions
    """Define the workflow with blocking calls."""

    @DBOS.step(name="reserve")
    def reserve() -> str:
        ledger.note("reserve")
        return "reserved"

    @DBOS.step(name="flake", retries_allowed=True, interval_seconds=0.001)
    def flake() -> str:
        ledger.note("flake")
        if DBOS.step_status.current_attempt == 0:
            raise FlakeError
        return "flaked"

    @DBOS.step(name="refuse")
    def refuse() -> None:
        ledger.note("refuse")
        raise RefusedError("refused")

    @DBOS.step(name="ship")
    def ship() -> str:
        ledger.note("ship")
        return "shipped"

    @DBOS.step(name="prepare")
    def prepare() -> str:
        ledger.note("prepare")
        return "go"

    @DBOS.step(name="help")
    def help_out() -> str:
        ledger.note("help")
        return "called"

    pay = DBOS.transaction(name="pay")(_pay)

    @DBOS.workflow(name="started")
    def started() -> str:
        word = prepare()
        number = DBOS.recv(GO, timeout_seconds=30)
        DBOS.set_event(PROGRESS, f"done {number}")
        return f"{word} {number}"

    @DBOS.workflow(name="called")
    def called() -> str:
        return help_out()

    @DBOS.workflow(name="reference")
    def reference(number: int) -> Any:
        first = reserve()
        flaked = flake()
        paid = pay(30)
        DBOS.set_event(PROGRESS, "paid")
        child = DBOS.start_workflow(started)
        DBOS.sleep(0.005)
        DBOS.send(DBOS.workflow_id, f"note {number}", NOTE)
        help_ = called()
        DBOS.send(child.workflow_id, number, GO)
        progress = DBOS.get_event(child.workflow_id, PROGRESS, timeout_seconds=30)
        outcome = child.get_result()
        note = DBOS.recv(NOTE, timeout_seconds=30)
        nothing = DBOS.recv("never", timeout_seconds=0.005)
        refused = lost = None
        try:
            refuse()
        except RefusedError as error:
            refused = str(error)
        try:
            DBOS.send("nobody", "lost")
        except DBOSNonExistentWorkflowError as error:
            lost = error.workflow_id
        return first, flaked, paid, progress, help_, outcome, note, nothing, refused, lost, ship()

    return reference


def coroutine(ledger: Ledger) -> Workflow[[int], Any]:  # noqa: C901  # many small functions
    """Define the workflow with coroutines; transactions are synchronous in both."""

    @DBOS.step(name="reserve")
    async def reserve() -> str:
        ledger.note("reserve")
        return "reserved"

    @DBOS.step(name="flake", retries_allowed=True, interval_seconds=0.001)
    async def flake() -> str:
        ledger.note("flake")
        if DBOS.step_status.current_attempt == 0:
            raise FlakeError
        return "flaked"

    @DBOS.step(name="refuse")
    async def refuse() -> None:
        ledger.note("refuse")
        raise RefusedError("refused")

    @DBOS.step(name="ship")
    async def ship() -> str:
        ledger.note("ship")
        return "shipped"

    @DBOS.step(name="prepare")
    async def prepare() -> str:
        ledger.note("prepare")
        return "go"

    @DBOS.step(name="help")
    async def help_out() -> str:
        ledger.note("help")
        return "called"

    pay = DBOS.transaction(name="pay")(_pay)

    @DBOS.workflow(name="started")
    async def started() -> str:
        word = await prepare()
        number = await DBOS.recv_async(GO, timeout_seconds=30)
        await DBOS.set_event_async(PROGRESS, f"done {number}")
        return f"{word} {number}"

    @DBOS.workflow(name="called")
    async def called() -> str:
        return await help_out()

    @DBOS.workflow(name="reference")
    async def reference(number: int) -> Any:
        first = await reserve()
        flaked = await flake()
        paid = pay(30)
        await DBOS.set_event_async(PROGRESS, "paid")
        child = await DBOS.start_workflow_async(started)
        await DBOS.sleep_async(0.005)
        await DBOS.send_async(DBOS.workflow_id, f"note {number}", NOTE)
        help_ = await called()
        await DBOS.send_async(child.workflow_id, number, GO)
        progress = await DBOS.get_event_async(child.workflow_id, PROGRESS, timeout_seconds=30)
        outcome = await child.get_result()
        note = await DBOS.recv_async(NOTE, timeout_seconds=30)
        nothing = await DBOS.recv_async("never", timeout_seconds=0.005)
        refused = lost = None
        try:
            await refuse()
        except RefusedError as error:
            refused = str(error)
        try:
            await DBOS.send_async("nobody", "lost")
        except DBOSNonExistentWorkflowError as error:
            lost = error.workflow_id
        return first, flaked, paid, progress, help_, outcome, note, nothing, refused, lost, await ship()

    return reference


FORMS: dict[str, Callable[[Ledger], Workflow[[int], Any]]] = {"sync": synchronous, "async": coroutine}
