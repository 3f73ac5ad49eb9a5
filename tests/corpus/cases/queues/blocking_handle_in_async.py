from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
async def wait_for(handle_id: str) -> int:
    handle: WorkflowHandle[int] = DBOS.retrieve_workflow(handle_id)  # E: dbos-async
    return handle.get_result()  # E: dbos-async


@DBOS.workflow()
async def wait_well(handle_id: str) -> int:
    handle = await DBOS.retrieve_workflow_async(handle_id)
    return int(await handle.get_result())


def outside(handle_id: str) -> int:
    return int(DBOS.retrieve_workflow(handle_id).get_result())
