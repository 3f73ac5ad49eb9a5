import threading
from typing import Any

from dbos_typed import DBOS, DBOSClient, Queue

queue = Queue("jobs")


@DBOS.workflow()
def handle(job: dict[str, Any]) -> int:
    return len(job)


@DBOS.workflow()
async def handle_async(job: object) -> None:
    DBOS.logger.info(job)


queue.enqueue(handle, {"a": 1})
queue.enqueue(handle, {"lock": threading.Lock()})  # E: dbos-serializable
queue.enqueue(handle, {"call": lambda: 1})  # E: dbos-serializable


async def main(client: DBOSClient) -> None:
    await queue.enqueue_async(handle_async, [1])
    await queue.enqueue_async(handle_async, threading.Event())  # E: dbos-serializable
    await DBOS.start_workflow_async(handle_async, threading.current_thread())  # E: dbos-serializable
    client.send("wf", [1])
    client.send("wf", lambda: 1)  # E: dbos-serializable
