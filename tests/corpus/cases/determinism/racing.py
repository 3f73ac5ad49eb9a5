import asyncio

from dbos_typed import DBOS


@DBOS.step()
async def ask(server: str) -> str:
    return server


@DBOS.workflow()
async def all_answers(servers: list[str]) -> list[str]:
    return list(await asyncio.gather(*[ask(server) for server in servers]))


@DBOS.workflow()
async def fastest(servers: list[str]) -> str:
    for answer in asyncio.as_completed([ask(server) for server in servers]):  # E: dbos-deterministic
        return await answer
    return ""


@DBOS.workflow()
async def first(servers: list[str]) -> str:
    tasks = [asyncio.ensure_future(ask(server)) for server in servers]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)  # E: dbos-deterministic
    return done.pop().result()


@DBOS.workflow()
async def impatient(server: str) -> str:
    return await asyncio.wait_for(ask(server), timeout=3)  # E: dbos-deterministic


@DBOS.workflow()
async def limited(server: str) -> str:
    async with asyncio.timeout(3):  # E: dbos-deterministic
        return await ask(server)
