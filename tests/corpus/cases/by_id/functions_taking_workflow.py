from collections.abc import Coroutine
from typing import Any, TypeVar

from dbos_typed import DBOS, Workflow

R = TypeVar("R")


def outcome(workflow_id: str, workflow: Workflow[..., R]) -> R:
    return DBOS.retrieve_workflow(workflow_id, workflow=workflow).get_result()


async def outcome_async(workflow_id: str, workflow: Workflow[..., Coroutine[Any, Any, R]]) -> R:
    handle = await DBOS.retrieve_workflow_async(workflow_id, workflow=workflow)
    return await handle.get_result()


@DBOS.workflow()
def measure(text: str) -> int:
    return len(text)


@DBOS.workflow()
async def measure_async(text: str) -> int:
    return len(text)


@DBOS.step()
def weigh(text: str) -> int:
    return len(text)


print(outcome("w", measure) + 1)
print(outcome("w", measure).upper())  # E: type
print(outcome("w", weigh))  # E: dbos-workflow


async def main() -> str:
    print(await outcome_async("w", measure_async) + 1)
    await outcome_async("w", measure)  # E: type
    return await outcome_async("w", measure_async)  # E: type
