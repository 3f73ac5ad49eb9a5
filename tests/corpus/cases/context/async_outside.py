import asyncio
import time

from fastapi import FastAPI

from dbos_typed import DBOS

app = FastAPI()


@DBOS.workflow()
def blocking(n: int) -> int:
    return n if DBOS.recv() else 0


@DBOS.workflow()
async def coroutine(n: int) -> int:
    await DBOS.sleep_async(1)
    return n


@DBOS.step()
async def lookup(n: int) -> int:
    time.sleep(0.1)
    return len(DBOS.list_workflows(limit=n))


@app.post("/blocking/{n}")
async def handler(n: int) -> int:
    handle = DBOS.start_workflow(blocking, n)
    await asyncio.sleep(0.1)
    DBOS.send(handle.workflow_id, n)
    return handle.get_result()


@app.post("/coroutine/{n}")
async def coroutine_handler(n: int) -> int:
    first = await coroutine(n)
    handle = await DBOS.start_workflow_async(coroutine, n)
    task = asyncio.create_task(handle.get_result())
    await DBOS.set_event_async("n", n)  # E: dbos-context
    return first + await task


def main() -> None:
    print(asyncio.run(coroutine(3)))
    print(asyncio.run(lookup(3)))
