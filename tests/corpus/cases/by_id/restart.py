from dbos_typed import DBOS


@DBOS.workflow()
def export(table: str) -> dict[str, int]:
    return {table: 1}


def again(workflow_id: str) -> int:
    handle = DBOS.restart_workflow(workflow_id, workflow=export)
    counts = handle.get_result()
    print(counts.rows)  # E: type
    DBOS.restart_workflow(workflow_id, workflow=len)  # E: dbos-workflow
    return counts["users"]


async def again_async(workflow_id: str) -> dict[str, str]:
    handle = await DBOS.restart_workflow_async(workflow_id, workflow=export)
    return await handle.get_result()  # E: type
