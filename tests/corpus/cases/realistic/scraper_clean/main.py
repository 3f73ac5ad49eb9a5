from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from dbos_typed import DBOS, SetWorkflowID
from scraper_clean.flows import PAGES, VISITED, crawl


async def follow(url: str) -> int:
    with SetWorkflowID(f"crawl-{url}"):
        handle = await DBOS.start_workflow_async(crawl, url, limit=10)
    begun = time.monotonic()
    async for page in DBOS.read_stream_async(handle.workflow_id, PAGES):
        print(f"{time.monotonic() - begun:.1f}", page)
        visited = await DBOS.get_event_async(handle.workflow_id, VISITED, timeout_seconds=0)
        logging.info("%s", visited or 0)
    await asyncio.sleep(0.1)
    return len(await handle.get_result())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    chosen = parser.parse_args(arguments)
    DBOS(config={"name": "scraper"})
    DBOS.launch()
    try:
        return asyncio.run(follow(str(chosen.url)))
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=5)


if __name__ == "__main__":
    sys.exit(main())
