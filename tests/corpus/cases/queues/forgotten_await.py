from dbos_typed import DBOS, Queue

queue = Queue("q")


@DBOS.step()
async def store(n: int) -> None:
    DBOS.logger.info(n)


@DBOS.workflow()
async def child(n: int) -> int:
    return n


@DBOS.workflow()
async def parent(n: int) -> int:
    store(n)  # E: dbos-async
    child(n)  # E: dbos-async
    queue.enqueue_async(child, n)  # E: dbos-async
    DBOS.start_workflow_async(child, n)  # E: dbos-async
    await store(n)
    pending = child(n)
    return await pending
