import asyncio

from dbos_typed import DBOS


@DBOS.step()
async def fetch(url: str) -> str:
    return url


@DBOS.workflow()
async def gathered(urls: list[str]) -> list[str]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(url)) for url in urls]
    return [task.result() for task in tasks]


@DBOS.workflow()
async def waited(urls: list[str]) -> int:
    tasks = [asyncio.create_task(fetch(url)) for url in urls]
    done, pending = await asyncio.wait(tasks, return_when="FIRST_COMPLETED")  # E: dbos-deterministic
    return len(done) - len(pending)


@DBOS.workflow()
async def timed(url: str) -> str:
    try:
        async with asyncio.timeout(1):  # E: dbos-deterministic
            return await fetch(url)
    except TimeoutError:
        return ""


@DBOS.workflow()
async def looped(url: str) -> float:
    begun = asyncio.get_running_loop().time()  # E: dbos-deterministic
    await fetch(url)
    return begun
