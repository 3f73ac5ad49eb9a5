from dbos_typed import DBOS, Queue

queue = Queue("q")


@DBOS.workflow()
def job(n: int) -> int:
    return n


@DBOS.workflow()
async def job_async(n: int) -> int:
    return n


@DBOS.workflow()
async def fan_out(count: int) -> int:
    handles = [queue.enqueue(job, n) for n in range(count)]  # E: dbos-async
    started = DBOS.start_workflow(job, 1)  # E: dbos-async
    print(started.workflow_id, handles)
    first = await queue.enqueue_async(job_async, 1)
    second = await DBOS.start_workflow_async(job_async, 2)
    return await first.get_result() + await second.get_result()
