from dbos_typed import DBOS


@DBOS.workflow()
async def crawl(url: str) -> list[str]:
    return [url]


async def pages(workflow_id: str) -> int:
    handle = await DBOS.retrieve_workflow_async(workflow_id, workflow=crawl)
    urls = await handle.get_result()
    print(urls[0].upper())
    print(urls.upper())  # E: type
    early = DBOS.retrieve_workflow_async(workflow_id, workflow=crawl)
    print(await early.get_result())  # E: type
    return await handle.get_result()  # E: type
