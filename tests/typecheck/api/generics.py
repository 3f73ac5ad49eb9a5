"""Generic and overloaded workflows and steps. A class holds neither, so starting them precisely takes the plugin."""

from typing import TypeVar, overload

from typing_extensions import assert_type

from dbos_typed import DBOS, WorkflowHandle, WorkflowHandleAsync

T = TypeVar("T")


@DBOS.workflow()
def listed(item: T, *, count: int = 1) -> list[T]:
    return [item] * count


@DBOS.workflow()
async def paired(item: T) -> tuple[T, T]:
    return item, item


@overload
def parsed(value: int) -> int: ...
@overload
def parsed(value: str) -> bytes: ...
@DBOS.workflow()
def parsed(value: int | str) -> int | bytes:
    return value.encode() if isinstance(value, str) else value


class Box:
    @DBOS.workflow()
    def wrap(self, item: T) -> list[T]:
        return [item]

    @overload
    def turn(self, value: int) -> int: ...
    @overload
    def turn(self, value: str) -> bytes: ...
    @DBOS.workflow()
    def turn(self, value: int | str) -> int | bytes:
        return value.encode() if isinstance(value, str) else value

    @classmethod
    @DBOS.workflow()
    def make(cls, item: T) -> list[T]:
        return [item]

    @staticmethod
    @DBOS.workflow()
    def pack(item: T) -> list[T]:
        return [item]


@DBOS.step()
def doubled(item: T) -> list[T]:
    return [item, item]


assert_type(doubled(1), list[int])
assert_type(listed(1), list[int])
assert_type(parsed(1), int)
assert_type(parsed("a"), bytes)
assert_type(Box().wrap(1), list[int])  # E: mypy assert-type,arg-type
assert_type(Box().turn("a"), bytes)
listed(1, count="a")  # E: mypy,plugin arg-type | pyright reportArgumentType
parsed(b"")  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType

assert_type(DBOS.start_workflow(listed, 1, count=2), WorkflowHandle[list[int]])  # E: mypy assert-type,arg-type
assert_type(DBOS.start_workflow(Box().wrap, 1), WorkflowHandle[list[int]])  # E: mypy assert-type,call-overload
assert_type(DBOS.start_workflow(Box.make, 1), WorkflowHandle[list[int]])  # E: mypy assert-type,call-overload
packed = DBOS.start_workflow(Box.pack, 1)  # E: mypy call-overload | pyright reportCallIssue,reportUnknownVariableType
assert_type(DBOS.start_workflow(paired, 1), WorkflowHandle[tuple[int, int]])  # E: mypy assert-type,call-overload
started_int = DBOS.start_workflow(parsed, 1)  # E: mypy call-overload | pyright reportCallIssue,reportArgumentType,reportUnknownVariableType
started_str = DBOS.start_workflow(Box().turn, "a")  # E: mypy call-overload | pyright reportCallIssue,reportArgumentType,reportUnknownVariableType
DBOS.start_workflow(listed, 1, count="a")  # E: mypy arg-type | plugin call-overload | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(parsed, b"")  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType


async def asynchronously() -> None:
    assert_type(await paired(1), tuple[int, int])
    handle = await DBOS.start_workflow_async(paired, "a")  # E: mypy arg-type,var-annotated
    assert_type(handle, WorkflowHandleAsync[tuple[str, str]])  # E: mypy assert-type
