from dbos_typed import DBOS


@DBOS.step()
async def fetch(url: str) -> str:
    return url


async def ordinary(url: str) -> str:
    return url


@DBOS.workflow()
async def scrape(url: str) -> str:
    return await fetch(url)


async def go() -> None:
    await DBOS.start_workflow_async(scrape, "u")
    await DBOS.start_workflow_async(fetch, "u")  # E: dbos-workflow
    await DBOS.start_workflow_async(ordinary, "u")  # E: dbos-workflow
