from dbos_typed import DBOS, Queue

sender_queue = Queue("sender-queue")


@DBOS.workflow()
def self_counter(limit: int) -> int:
    total = 0
    while total < limit:
        step: int | None = DBOS.recv("add", timeout_seconds=10)
        total += step or 0
        DBOS.set_event("total", total)
    return total


@DBOS.workflow()
def self_driver(limit: int) -> int:
    handle = DBOS.start_workflow(self_counter, limit)
    for number in range(limit):
        DBOS.send(handle.workflow_id, number, "add")
        DBOS.send(handle.workflow_id, str(number), "add")  # E: dbos-topic
    DBOS.send(handle.workflow_id, 1, "ad")  # E: dbos-topic
    print(DBOS.get_event(handle.workflow_id, "total"))
    print(DBOS.get_event(handle.workflow_id, "totals"))  # E: dbos-event
    queued = sender_queue.enqueue(self_counter, limit)
    DBOS.send(queued.workflow_id, 1, topic="add")
    DBOS.send(queued.workflow_id, 1, topic="addd")  # E: dbos-topic
    return handle.get_result()
