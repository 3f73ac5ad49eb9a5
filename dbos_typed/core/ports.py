"""What the core needs of the world, as narrow protocols that the layers above implement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from dbos_typed.core.writes import Fenced, RecordedStep, Write
from dbos_typed.records import ExecutorRecord, StepRecord, WorkflowRecord, WorkflowStatusString

T = TypeVar("T")

Signal = tuple[str, ...]
"""Names something that can be waited for, e.g. ("done", workflow id)."""

QUEUE_SIGNAL: Signal = ("queue",)
"""Something was put on a queue, or room was made on one."""

SCHEDULES_SIGNAL: Signal = ("schedules",)
"""Something was scheduled."""

OWNERSHIP_SIGNAL: Signal = ("changed",)
"""What this executor owns and runs may have come apart; nobody can tell how."""

RUN_ENDED: Signal = ("run ended",)
"""A run of this process has ended, with an outcome or without."""


class Subscription(Protocol):
    """Remembers that one of its signals came since it was made or last waited for.

    A context manager that unsubscribes.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def wait(self, seconds: float | None) -> bool:
        """Block until signalled or the time is over; returns at once when a signal came before.

        The answer is whether it was signalled.
        """
        ...

    async def wait_async(self, seconds: float | None) -> None:
        """The same, holding no thread."""
        ...


class Listener(Protocol):
    """Hears signals of this process and of the others on the same database."""

    def subscribe(self, *signals: Signal) -> Subscription: ...

    def publish(self, signals: Iterable[Signal]) -> None:
        """Wake the subscribers of this process."""
        ...

    def publish_all(self, *, is_end: bool = False) -> None:
        """Wake the subscribers of this process, whatever they wait for.

        Those that only wait to be cancelled are woken with `is_end`.
        """
        ...


class Timers(Protocol):
    """Ends workflows at their deadlines."""

    def cancel_at(self, workflow_id: str, deadline: int) -> None:
        """Cancel the workflow at `deadline`, in milliseconds since the epoch, unless it has ended by then."""
        ...

    def forget(self, workflow_id: str) -> None:
        """Keep no deadline for the workflow any more, because it has ended; unknown: nothing happens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFilter:
    """Which workflows to list; conditions are ANDed, None means no condition, an empty sequence matches nothing."""

    workflow_ids: Sequence[str] | None = None
    workflow_id_prefix: str | None = None
    statuses: Sequence[WorkflowStatusString] | None = None
    names: Sequence[str] | None = None
    start_time: int | None = None
    end_time: int | None = None
    app_version: str | None = None
    user: str | None = None
    queue_name: str | None = None
    executor_ids: Sequence[str] | None = None
    queued_only: bool = False
    limit: int | None = None
    offset: int | None = None
    sort_desc: bool = False
    load_input: bool = True
    """Whether the inputs are read; else they are the empty text."""
    load_output: bool = True
    """Whether outputs and errors are read; else they are None."""


class Reader(Protocol):
    """Reads of the system database."""

    def workflow(self, workflow_id: str) -> WorkflowRecord | None: ...

    def workflows(self, condition: WorkflowFilter) -> list[WorkflowRecord]: ...

    def steps(self, workflow_ids: Sequence[str]) -> Mapping[str, Mapping[int, StepRecord]]:
        """The records of each workflow by step number; a workflow without records has an empty mapping."""
        ...

    def stream(self, workflow_id: str, key: str, after: int) -> Sequence[tuple[int, str | None]]:
        """The values of a stream beyond a position, with their positions; the value None closes it."""
        ...

    def executor(self, executor_id: str) -> ExecutorRecord | None:
        """Who holds an executor id now; None: nobody is known to."""
        ...

    def owned(self, executor_id: str, app_version: str) -> Mapping[str, int]:
        """The PENDING workflows of an executor and of a version, with their run tokens."""
        ...

    def ended(self, before: int, most: int) -> Sequence[str]:
        """At most `most` workflows that ended before a moment and that no unfinished parent may ask for, oldest first.

        Those that exceeded their recovery attempts have not ended: they wait to be resumed.
        """
        ...

    def now_ms(self) -> int:
        """The database's time in milliseconds since the epoch."""
        ...

    def waiting_queues(self, queue_names: Sequence[str]) -> Sequence[str]:
        """Those among the queues on which workflows wait whose time has come."""
        ...

    def partitions(self, queue_name: str) -> Sequence[str | None]:
        """The partition keys for which workflows wait on the queue and their time has come."""
        ...

    def event(self, workflow_id: str, key: str) -> str | None: ...

    def events(self, workflow_id: str) -> Mapping[str, str]: ...


class JournalClosedError(Exception):
    """A write came after the journal was closed, or could not be made durable before."""

    def __init__(self) -> None:
        super().__init__("The runtime was destroyed; nothing more is written. Launch it again with DBOS.launch().")


class Journal(Protocol):
    """Makes writes durable; many writes share one commit.

    Each method raises DatabaseFault if the database does not answer for `patience_seconds` (`None`: it waits for ever)
    and JournalClosedError if the journal is closed.
    """

    def write(self, write: Write[T], patience_seconds: float | None = None) -> T:
        """Block until durable."""
        ...

    def write_all(self, writes: Sequence[Write[T]], patience_seconds: float | None = None) -> list[T]:
        """Block until all are durable; the answers in their order."""
        ...

    async def write_async(self, write: Write[T], patience_seconds: float | None = None) -> T:
        """Wait until durable, holding no thread."""
        ...


@dataclass(frozen=True, slots=True)
class StepOwner:
    """The place of a step in its workflow."""

    workflow_id: str
    number: int


@dataclass(slots=True, eq=False)
class TransactionBody(Generic[T]):
    """A transaction as the core sees it.

    `call` runs the user's function with the session and gives the record to store beside the user's writes, and the
    value. An error of the function is recorded by the core afterwards, since its transaction was rolled back.
    """

    call: Callable[[Any], tuple[RecordedStep | None, T]]
    owner: StepOwner | None = None
    """The step as which it may be committed already, by an earlier run or attempt; None: there can be none."""
    has_record: bool = False
    """Whether `call` gives a record."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A transaction was rolled back because its record was not accepted.

    Another record stands, or the run is fenced.
    """

    answer: StepRecord | Fenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """A transaction is committed with its record in the application's database; the system database has none yet."""

    step: StepRecord
    value: Any
    is_fresh: bool
    """Whether it was committed just now and `value` is its result, or by an earlier run, whose record counts."""


class Transactor(Protocol):
    """Runs user transactions."""

    def transact(self, body: TransactionBody[T], *, isolation_level: str, read_only: bool) -> T | Refused | Unconfirmed:
        """Run the body, again after a serialization failure, and commit it with its record."""
        ...
