from typing_extensions import assert_type

from dbos_typed import DBOS, WorkflowHandle, WorkflowHandleAsync, WorkflowStatus


@DBOS.workflow()
def sync_flow(a: int, *, b: str = "") -> list[int]:
    return [a] * len(b)


@DBOS.workflow()
async def async_flow(a: int) -> dict[str, int]:
    return {"a": a}


handle = DBOS.start_workflow(sync_flow, 1, b="x")
assert_type(handle, WorkflowHandle[list[int]])
assert_type(handle.get_result(), list[int])
assert_type(handle.get_status(), WorkflowStatus[list[int]])
assert_type(DBOS.start_workflow(async_flow, 1), WorkflowHandle[dict[str, int]])
assert_type(sync_flow(1), list[int])
assert_type(handle.get_status().output, list[int])  # E: type


async def main() -> None:
    assert_type(await async_flow(1), dict[str, int])
    assert_type(await DBOS.start_workflow_async(async_flow, 1), WorkflowHandleAsync[dict[str, int]])
    found = await DBOS.retrieve_workflow_async("w", workflow=async_flow)
    assert_type(await found.get_result(), dict[str, int])
    assert_type(await (await DBOS.retrieve_workflow_async("w", workflow=sync_flow)).get_result(), list[int])
    assert_type(found.get_result(), dict[str, int])  # E: type
