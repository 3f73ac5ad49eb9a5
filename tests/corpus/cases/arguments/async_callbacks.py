from collections.abc import Awaitable, Callable
from typing import Protocol

from dbos_typed import DBOS


class Handler(Protocol):
    async def __call__(self, event: str, /) -> int: ...


async def dispatch(event: str, handler: Handler) -> int:
    return await handler(event)


async def each(events: list[str], handler: Callable[[str], Awaitable[int]]) -> int:
    return sum([await handler(event) for event in events])


@DBOS.workflow()
async def on_event(event: str) -> int:
    return len(event)


@DBOS.workflow()
async def on_number(event: int) -> int:
    return event


@DBOS.workflow()
def on_blocking(event: str) -> int:
    return len(event)


async def main() -> None:
    await dispatch("a", on_event)
    await dispatch("a", on_number)  # E: type
    await dispatch("a", on_blocking)  # E: type
    await each(["a"], on_event)
    await each(["a"], on_number)  # E: type
