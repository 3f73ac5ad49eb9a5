"""The closed set of things an operation may ask for.

An operation is a coroutine that awaits effects and nothing else, so it can be driven by blocking, by awaiting, or one
effect at a time by a test. Awaiting an effect yields the effect itself to the driver, which sends its result back.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from dbos_typed.core.ports import Reader, Subscription, TransactionBody
from dbos_typed.core.registry import TransactionOptions
from dbos_typed.core.run import Run
from dbos_typed.core.writes import Write

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effect(Generic[T]):
    """Something outside the core; awaiting it gives its result."""

    def __await__(self) -> Generator[Effect[T], T, T]:
        return (yield self)


Operation: TypeAlias = Coroutine[Effect[Any], Any, T]


class Carrier(Exception):
    """Carries a StopIteration through an operation: raised in a coroutine, Python makes a RuntimeError of it.

    Drivers put it around what effects raise and take it off what the operation raises.
    """

    def __init__(self, error: StopIteration) -> None:
        self.error = error
        super().__init__(error)


E = TypeVar("E", bound=BaseException)


def carried(error: E) -> E | Carrier:
    """The error as an operation can raise it."""
    return Carrier(error) if isinstance(error, StopIteration) else error


def uncarried(error: E) -> E | StopIteration:
    """The error that the application raised."""
    return error.error if isinstance(error, Carrier) else error


@dataclass(frozen=True, slots=True)
class Commit(Effect[T]):
    """Make a write durable."""

    write: Write[T]


@dataclass(frozen=True, slots=True)
class CommitAll(Effect[list[T]]):
    """Make many writes durable in as few commits as it takes; the answers in their order."""

    writes: Sequence[Write[T]]


@dataclass(frozen=True, slots=True)
class Query(Effect[T]):
    """Read what is stored."""

    read: Callable[[Reader], T]
    until: float | None = None
    """Until when a caller outside workflows waits for a database that does not answer, by the monotonic clock; `None`:
    as long as is configured.
    """


@dataclass(frozen=True, slots=True)
class Call(Effect[T]):
    """Call the user's function; a coroutine function is awaited."""

    function: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Transact(Effect[T]):
    """Run the user's function in a database transaction that also stores its record."""

    body: TransactionBody[T]
    options: TransactionOptions


@dataclass(frozen=True, slots=True)
class WaitFor(Effect[None]):
    """Wait until the subscription is signalled or `seconds` have passed (`None`: for ever).

    It holds no thread in async code.
    """

    subscription: Subscription
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Execute(Effect[None]):
    """Execute a coroutine workflow in the background and wait until its run has ended.

    A caller that is cancelled while it waits does not cancel the workflow.
    """

    run: Run


@dataclass(frozen=True, slots=True)
class Spawn(Effect[None]):
    """Execute a workflow in the background."""

    run: Run
