from dbos_typed import DBOS, Queue

queue = Queue("children-of-async")


@DBOS.step()
def quick(n: int) -> int:
    return n


@DBOS.transaction()
def stored(n: int) -> int:
    return n


@DBOS.workflow()
def blocking(n: int) -> int:
    return n


@DBOS.workflow()
async def coroutine(n: int) -> int:
    quick(n)
    stored(n)
    handle = DBOS.start_workflow(blocking, n)  # E: dbos-async
    status = await DBOS.get_workflow_status_async("w")
    print(status, handle.workflow_id)
    queued = queue.enqueue(blocking, n)  # E: dbos-async
    print(queued.workflow_id)
    for found in await DBOS.list_workflows_async(limit=3):
        print(found.name)
    if DBOS.patch("async"):  # E: dbos-async
        return n
    return 0 if await DBOS.patch_async("other") else 1
