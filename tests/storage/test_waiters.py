"""Tasks that wait for a write share a timer, and each of them still ends when its own patience is over."""

import asyncio
import gc
import time
import weakref

import pytest

from dbos_typed.core.faults import DatabaseFault, FaultKind
from dbos_typed.storage.waiters import Deadlines, TaskWaiter
from tests.storage.builders import send


def _give_up(waiter: TaskWaiter) -> None:
    waiter.settle(None, DatabaseFault(TimeoutError(), FaultKind.BUSY))


def test_each_task_ends_when_its_own_patience_is_over() -> None:
    deadlines = Deadlines(_give_up)

    async def wait(patience_seconds: float, *, begin_after: float = 0.0, is_answered: bool = False) -> float | None:
        await asyncio.sleep(begin_after)
        waiter = TaskWaiter(send("anybody"), asyncio.get_running_loop())
        if is_answered:
            waiter.loop.call_later(patience_seconds / 2, waiter.settle, None, None)
        try:
            await deadlines.answer(waiter, patience_seconds)
        except DatabaseFault:
            return time.monotonic() - waiter.since
        return None

    async def wait_for_all() -> tuple[float | None, ...]:
        return await asyncio.gather(
            wait(0.3, is_answered=True),
            wait(0.3),
            wait(0.3, begin_after=0.1, is_answered=True),
            wait(0.3, begin_after=0.2),
            wait(0.05),
        )

    answered, first, answered_late, last, impatient = asyncio.run(wait_for_all())
    assert answered is None
    assert answered_late is None
    assert first is not None
    assert last is not None
    assert impatient is not None
    assert first >= 0.3
    assert last >= 0.3
    assert 0.05 <= impatient < 0.3


def test_a_cancelled_task_takes_nobody_along() -> None:
    deadlines = Deadlines(_give_up)

    async def cancel_the_first() -> None:
        first, second = (
            asyncio.ensure_future(deadlines.answer(TaskWaiter(send("anybody"), asyncio.get_running_loop()), 0.2))
            for _ in range(2)
        )
        await asyncio.sleep(0.05)
        first.cancel()
        with pytest.raises(DatabaseFault):
            await second
        assert first.cancelled()

    asyncio.run(cancel_the_first())


def test_a_loop_that_has_ended_is_forgotten() -> None:
    deadlines = Deadlines(_give_up)

    async def wait() -> None:
        loop = asyncio.get_running_loop()
        waiter = TaskWaiter(send("anybody"), loop)
        loop.call_soon(waiter.settle, None, None)
        await deadlines.answer(waiter, 60.0)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(wait())
    loop.close()
    forgotten = weakref.ref(loop)
    del loop
    gc.collect()
    assert forgotten() is None
