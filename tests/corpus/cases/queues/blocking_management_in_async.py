from dbos_typed import DBOS


@DBOS.workflow()
async def janitor(ids: list[str]) -> int:
    for each in ids:
        DBOS.cancel_workflow(each)  # E: dbos-async
        await DBOS.cancel_workflow_async(each)
    running = DBOS.list_workflows(status="PENDING")  # E: dbos-async
    waiting = await DBOS.list_queued_workflows_async()
    status = DBOS.get_workflow_status(ids[0])  # E: dbos-async
    DBOS.logger.info(status)
    return len(running) + len(waiting)


@DBOS.step()
async def janitor_step(ids: list[str]) -> int:
    return len(await DBOS.list_workflows_async(workflow_ids=ids))
