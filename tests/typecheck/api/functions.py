"""Workflow functions: called directly, started, enqueued and retrieved."""

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypedDict, TypeVar

from typing_extensions import Unpack, assert_type

from dbos_typed import DBOS, Workflow, WorkflowHandle, WorkflowHandleAsync

P = ParamSpec("P")
R = TypeVar("R")


class Options(TypedDict, total=False):
    priority: int


@DBOS.workflow()
def checkout(order: str, count: int = 1, *, express: bool = False) -> float:
    return float(count) if express and order else 0.0


@DBOS.workflow(name="refund", max_recovery_attempts=3)
async def refund(order: str, /, amount: int | None = None) -> list[str]:
    return [order, str(amount)]


@DBOS.workflow()
def collect(*counts: int, **options: Unpack[Options]) -> list[int]:
    return [*counts, options.get("priority", 0)]


@DBOS.workflow()
def sweep() -> None: ...


@DBOS.step()
def charge(order: str) -> int:
    return len(order)


@DBOS.transaction()
def record(order: str) -> int:
    return len(order)


def plain(order: str) -> int:
    return len(order)


# A direct call keeps the function's own signature.
assert_type(checkout("o", 2, express=True), float)
assert_type(checkout(order="o"), float)
assert_type(collect(1, 2, priority=3), list[int])
checkout(1)  # E: mypy,plugin arg-type | pyright reportArgumentType
checkout()  # E: mypy,plugin call-arg | pyright reportCallIssue
checkout("o", 1, True)  # E: mypy,plugin call-arg | pyright reportCallIssue
checkout("o", rush=True)  # E: mypy,plugin call-arg | pyright reportCallIssue
collect(1, priority="high")  # E: mypy,plugin arg-type | pyright reportArgumentType

# Starting takes the same arguments and gives a handle of the result.
assert_type(DBOS.start_workflow(checkout, "o", 2, express=True), WorkflowHandle[float])
assert_type(DBOS.start_workflow(refund, "o"), WorkflowHandle[list[str]])
assert_type(DBOS.start_workflow(refund, "o").get_result(), list[str])
assert_type(DBOS.start_workflow(sweep), WorkflowHandle[None])
assert_type(DBOS.start_workflow(collect, 1, priority=3), WorkflowHandle[list[int]])
DBOS.start_workflow(checkout, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(refund, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(sweep, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue

# Nothing else is accepted.
DBOS.start_workflow(charge, "o")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(record, "o")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(plain, "o")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(lambda: 1)  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(partial(checkout, "o"))  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(checkout("o"))  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType


async def asynchronously() -> None:
    assert_type(await refund("o", 3), list[str])
    handle = await DBOS.start_workflow_async(refund, "o", amount=3)
    assert_type(handle, WorkflowHandleAsync[list[str]])
    assert_type(await handle.get_result(), list[str])
    await DBOS.start_workflow_async(refund, 1)  # E: mypy,plugin arg-type | pyright reportArgumentType
    await DBOS.start_workflow_async(checkout, "o")  # E: mypy arg-type | plugin dbos-async | pyright reportArgumentType
    await DBOS.start_workflow_async(charge, "o")  # E: mypy arg-type | plugin dbos-workflow | pyright reportArgumentType,reportCallIssue


# A retrieved handle has the type of the workflow that is named, and says that it knows nothing otherwise.
assert_type(DBOS.retrieve_workflow("id", workflow=checkout), WorkflowHandle[float])
assert_type(DBOS.retrieve_workflow("id", workflow=refund).get_result(), list[str])
assert_type(DBOS.retrieve_workflow("id"), WorkflowHandle[Any])
assert_type(DBOS.retrieve_workflow("id", workflow=checkout).get_status().output, float | None)
DBOS.retrieve_workflow("id", workflow=charge)  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType


# Workflows are passed on as Workflow[P, R].
def started(workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[R]:
    return DBOS.start_workflow(workflow, *args, **kwargs)


assert_type(started(checkout, "o", express=True), WorkflowHandle[float])
started(checkout, 1)  # E: mypy,plugin arg-type | pyright reportArgumentType
started(charge, "o")  # E: mypy arg-type | plugin arg-type,dbos-workflow | pyright reportArgumentType,reportCallIssue
by_name: dict[str, Workflow[..., object]] = {"checkout": checkout, "refund": refund}
one: Workflow[[str], float] = checkout
other: Workflow[[int], float] = checkout  # E: mypy,plugin assignment | pyright reportAssignmentType
function: Callable[[str], float] = checkout


# User decorators that keep the signature may stand below.
def logged(func: Callable[P, R]) -> Callable[P, R]:
    return func


@DBOS.workflow()
@logged
async def noted(order: str) -> int:
    return len(order)


assert_type(DBOS.start_workflow(noted, "o"), WorkflowHandle[int])
