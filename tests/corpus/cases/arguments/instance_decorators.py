from datetime import datetime

from dbos_typed import DBOS, DBOSConfig, Queue

config: DBOSConfig = {"name": "instance"}
dbos = DBOS(config=config)
queue = Queue("instance")


@dbos.step(retries_allowed=True)
def fetch(url: str) -> str:
    return url


@dbos.workflow()
def crawl(url: str, depth: int = 1) -> int:
    dbos.set_event("url", url)
    dbos.logger.info(dbos.workflow_id)
    return len(fetch(url)) * depth


@dbos.scheduled("0 * * * *")
@dbos.workflow()
def hourly(scheduled: datetime, actual: datetime) -> None:
    dbos.start_workflow(crawl, f"{scheduled}{actual}")


@dbos.step()
def wrong(url: str) -> int:
    dbos.set_event("url", url)  # E: dbos-context
    return len(url)


dbos.start_workflow(crawl, "a", depth=2)
dbos.start_workflow(crawl, "a", deep=2)  # E: type
dbos.start_workflow(fetch, "a")  # E: dbos-workflow
queue.enqueue(crawl, "a")
handle = dbos.start_workflow(crawl, "b")
text: str = handle.get_result()  # E: type
dbos.sleep(1)  # E: dbos-context
