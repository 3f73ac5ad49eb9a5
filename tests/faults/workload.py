"""The workflows that run while a server fails: every recorded operation, synchronous and as coroutines.

What each must come to is in `expectations`. Only what applications use of the package is used here.
"""

import asyncio
import threading
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from dbos_typed import DBOS, Event, Queue, Topic
from tests.faults.effects import EFFECTS, Ledger
from tests.faults.expectations import LETTERS, NAP_SECONDS, NARROW, WIDE

STAGE = Event[str]("stage")
LETTER = Topic[int]("letter")
NEVER = Topic[str]("never")
FOREVER_SECONDS = 3600.0
BODY_SECONDS = 0.03

narrow = Queue("narrow", concurrency=NARROW)
wide = Queue("wide", worker_concurrency=WIDE)


class World:
    """Where the effects of this process's steps go."""

    def __init__(self) -> None:
        self._ledger: Ledger | None = None
        self._executor = ""
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def open(self, folder: Path, executor: str) -> None:
        self._ledger = Ledger(folder / EFFECTS)
        self._executor = executor

    def attempt(self, step: str) -> int:
        """How often this process has begun this step of the running workflow."""
        with self._lock:
            self._attempts[str(DBOS.workflow_id), step] += 1
            return self._attempts[str(DBOS.workflow_id), step]

    def note(self, step: str, phase: str, attempt: int) -> None:
        if self._ledger is not None:
            self._ledger.add(DBOS.workflow_id, step, phase, self._executor, attempt)

    def happen(self, step: str) -> None:
        """Something that happens in a moment."""
        self.note(step, "done", self.attempt(step))


world = World()


def _occupy(step: str) -> str:
    attempt = world.attempt(step)
    world.note(step, "begin", attempt)
    time.sleep(BODY_SECONDS)
    world.note(step, "end", attempt)
    return step


@DBOS.step(name="reserve")
def reserve(cargo: str) -> str:
    world.happen("reserve")
    return cargo


@DBOS.step(name="label")
def label() -> str:
    world.happen("label")
    return "labelled"


@DBOS.step(name="ship")
def ship() -> str:
    world.happen("ship")
    return "shipped"


@DBOS.step(name="look")
async def look() -> str:
    world.happen("look")
    await asyncio.sleep(0.01)
    return "looked"


@DBOS.step(name="before")
def before() -> None:
    world.happen("before")


@DBOS.step(name="after")
def after() -> None:
    world.happen("after")


@DBOS.step(name="in narrow")
def in_narrow() -> str:
    return _occupy("in narrow")


@DBOS.step(name="in wide")
def in_wide() -> str:
    return _occupy("in wide")


@DBOS.transaction(name="pay")
def pay() -> int:
    DBOS.sql_session.execute(text("INSERT INTO payments (workflow_id) VALUES (:id)"), {"id": DBOS.workflow_id})
    return 30


@DBOS.workflow(name="parcel")
def parcel() -> str:
    return label()


@DBOS.workflow(name="errand")
async def errand() -> str:
    return await look()


@DBOS.workflow(name="narrow_job")
def narrow_job() -> str:
    return in_narrow()


@DBOS.workflow(name="wide_job")
def wide_job() -> str:
    return in_wide()


@DBOS.workflow(name="order")
def order(cargo: str) -> str:
    """Steps, a transaction, a direct child, a started one and two enqueued ones, reads, a sleep."""
    reserved = reserve(cargo)
    paid = pay()
    labelled = parcel()
    started = DBOS.start_workflow(errand)
    queued = [narrow.enqueue(narrow_job), wide.enqueue(wide_job)]
    status = DBOS.get_workflow_status(started.workflow_id)
    listed = DBOS.list_workflows(workflow_ids=[handle.workflow_id for handle in queued])
    looked = started.get_result()
    done = [handle.get_result() for handle in queued]
    DBOS.sleep(0.2)
    shipped = ship()
    name = None if status is None else status.name
    return f"{len(reserved)} {paid} {labelled} {name} {len(listed)} {looked} {', '.join(done)} {shipped}"


@DBOS.workflow(name="tour")
async def tour(cargo: str) -> str:
    """The same as coroutines."""
    looked = await asyncio.gather(look(), look())
    reserved = reserve(cargo)
    paid = pay()
    started = await DBOS.start_workflow_async(errand)
    queued = await narrow.enqueue_async(errand)
    await DBOS.sleep_async(0.2)
    answers = [await started.get_result(), await queued.get_result()]
    shipped = ship()
    return f"{len(looked)} {len(reserved)} {paid} {', '.join(answers)} {shipped}"


@DBOS.workflow(name="listener")
def listener() -> str:
    return " ".join(str(DBOS.recv(LETTER, timeout_seconds=FOREVER_SECONDS)) for _ in range(LETTERS))


@DBOS.workflow(name="dialogue")
def dialogue() -> str:
    """Messages to a child, which must get each once and in order."""
    handle = DBOS.start_workflow(listener)
    for number in range(LETTERS):
        DBOS.send(handle.workflow_id, number, LETTER)
    return handle.get_result()


@DBOS.workflow(name="host")
async def host() -> str:
    await DBOS.set_event_async(STAGE, "early")
    await DBOS.sleep_async(0.1)
    await DBOS.set_event_async(STAGE, "late")
    return "hosted"


@DBOS.workflow(name="visit")
def visit() -> str:
    """Events of another workflow, read while it runs and after it ended."""
    handle = DBOS.start_workflow(host)
    first = DBOS.get_event(handle.workflow_id, STAGE, timeout_seconds=FOREVER_SECONDS)
    hosted = handle.get_result()
    last = DBOS.get_event(handle.workflow_id, STAGE, timeout_seconds=FOREVER_SECONDS)
    return f"{first in ('early', 'late')} {hosted} {last}"


@DBOS.workflow(name="nap")
def nap() -> str:
    """A durable sleep, between two moments that the observer compares."""
    before()
    DBOS.sleep(NAP_SECONDS)
    after()
    return "slept"


@DBOS.workflow(name="timed")
def timed() -> str:
    """Started with a timeout that it must run into."""
    return str(DBOS.recv(NEVER, timeout_seconds=FOREVER_SECONDS))


@DBOS.workflow(name="patient")
async def patient() -> str:
    """Started with a timeout that is long enough."""
    await DBOS.sleep_async(0.1)
    return await look()
