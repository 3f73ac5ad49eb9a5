from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from dbos_typed import DBOS, Queue, Workflow, WorkflowHandle

P = ParamSpec("P")
R = TypeVar("R")
queue = Queue("higher")


def begin(workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs) -> WorkflowHandle[R]:
    return DBOS.start_workflow(workflow, *args, **kwargs)


def call(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    return function(*args, **kwargs)


@DBOS.workflow()
def greet(name: str, *, loud: bool = False) -> str:
    return name.upper() if loud else name


@DBOS.step()
def whisper(name: str) -> str:
    return name.lower()


begin(greet, "ann", loud=True)
begin(greet, "ann", lound=True)  # E: type
begin(greet)  # E: type
begin(whisper, "ann")  # E: dbos-workflow
call(greet, "ann", loud=True)
call(whisper, "ann")
call(whisper, 3)  # E: type
print(begin(greet, "ann").get_result().upper())
print(begin(greet, "ann").get_result() + 1)  # E: type
WORKFLOWS: dict[str, Workflow[..., Any]] = {"greet": greet}
OTHERS: dict[str, Workflow[..., Any]] = {"whisper": whisper}  # E: dbos-workflow
queue.enqueue(WORKFLOWS["greet"], "anything", at=3)
