from dbos_typed import DBOS


@DBOS.workflow()
async def crawl(url: str, depth: int = 1) -> list[str]:
    return [url] * depth


async def main() -> None:
    await DBOS.start_workflow_async(crawl, "https://a")
    await DBOS.start_workflow_async(crawl, "https://a", depth=2)
    await DBOS.start_workflow_async(crawl, 1)  # E: type
    await DBOS.start_workflow_async(crawl, "https://a", deep=2)  # E: type
    await crawl("https://a")
    await crawl("https://a", "2")  # E: type


def blocking() -> None:
    DBOS.start_workflow(crawl, "https://a", 2)
    DBOS.start_workflow(crawl, b"https://a", 2)  # E: type
