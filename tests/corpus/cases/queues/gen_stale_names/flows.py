from dbos_typed import DBOS, Queue

stale_queue = Queue("stale-queue")


@DBOS.workflow()
def stale_current(name: str, *, dry_run: bool = False) -> str:
    return name if dry_run else ""


@DBOS.workflow(name="stale.renamed")
async def stale_other(count: int) -> int:
    return count
