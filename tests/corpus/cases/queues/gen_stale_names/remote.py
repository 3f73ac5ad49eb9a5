from dbos_typed import DBOSClient, EnqueueOptions

QUEUE = "stale-queue"


async def run(client: DBOSClient, dry_run: bool) -> None:
    current: EnqueueOptions = {"workflow_name": "stale_current", "queue_name": QUEUE, "workflow_timeout": 3.0}
    client.enqueue(current, "a", dry_run=dry_run)
    client.enqueue(current, name="a")
    client.enqueue(current, "a", "b")  # E: dbos-enqueue
    client.enqueue(current, dry_run=True)  # E: dbos-enqueue
    client.enqueue(current, "a", dryrun=True)  # E: dbos-enqueue
    await client.enqueue_async({"workflow_name": "stale.renamed", "queue_name": QUEUE}, 1)
    await client.enqueue_async({"workflow_name": "stale.renamed", "queue_name": QUEUE}, "1")  # E: dbos-enqueue
    await client.enqueue_async({"workflow_name": "stale_other", "queue_name": QUEUE}, 1)  # E: dbos-enqueue
    client.enqueue({"workflow_name": "stale_current", "queue_name": QUEUE, "timeout": 1}, "a")  # E: type
