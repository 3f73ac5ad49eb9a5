"""Queues take workflows as `start_workflow` does."""

from typing_extensions import assert_type

from dbos_typed import DBOS, Queue, WorkflowHandle, WorkflowHandleAsync

queue = Queue("orders")


@DBOS.workflow()
def checkout(order: str, count: int = 1) -> float:
    return float(count)


@DBOS.workflow()
async def refund(order: str) -> list[str]:
    return [order]


@DBOS.step()
def charge(order: str) -> int:
    return len(order)


assert_type(queue.enqueue(checkout, "o", count=2), WorkflowHandle[float])
assert_type(queue.enqueue(refund, "o"), WorkflowHandle[list[str]])
queue.enqueue(checkout, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
queue.enqueue(charge, "o")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType


async def asynchronously() -> None:
    assert_type(await queue.enqueue_async(refund, "o"), WorkflowHandleAsync[list[str]])
    await queue.enqueue_async(refund, 1)  # E: mypy,plugin arg-type | pyright reportArgumentType
    await queue.enqueue_async(checkout, "o")  # E: mypy arg-type | plugin dbos-async | pyright reportArgumentType
