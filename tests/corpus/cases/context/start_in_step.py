from dbos_typed import DBOS, Queue

queue = Queue("children")


@DBOS.workflow()
def child(n: int) -> int:
    return n


@DBOS.step()
def fan_out(n: int) -> int:
    DBOS.start_workflow(child, n)  # E: dbos-context
    queue.enqueue(child, n)  # E: dbos-context
    return child(n)  # E: dbos-context


@DBOS.step()
def enough(n: int) -> bool:
    return n > 3


@DBOS.workflow()
def parent(n: int) -> int:
    if enough(n):
        return fan_out(n)
    DBOS.start_workflow(child, n)
    queue.enqueue(child, n)
    return child(n)
