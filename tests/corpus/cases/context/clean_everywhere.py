import threading
import time

from sqlalchemy import text

from dbos_typed import DBOS, Queue, SetWorkflowID

queue = Queue("clean")


@DBOS.step()
def step(n: int) -> int:
    time.sleep(0.1)
    lock = threading.Lock()
    with lock:
        DBOS.logger.info("%s of %s", DBOS.step_status.current_attempt, DBOS.workflow_id)
    DBOS.write_stream("numbers", n)
    return n


@DBOS.transaction()
def transaction(n: int) -> int:
    found = DBOS.sql_session.execute(text("SELECT :n"), {"n": n}).scalar_one()
    return int(found)


@DBOS.workflow()
def child(n: int) -> int:
    return step(n) + transaction(n)


@DBOS.workflow()
def workflow(n: int) -> int:
    with SetWorkflowID(f"child-{n}"):
        handle = queue.enqueue(child, n)
    DBOS.set_event("child", handle.workflow_id)
    DBOS.sleep(1)
    if DBOS.recv("stop", timeout_seconds=0) is not None:
        DBOS.cancel_workflow(handle.workflow_id)
    return handle.get_result() + child(n) + (1 if DBOS.patch("one") else 0)


def outside(n: int) -> int:
    step(n)
    transaction(n)
    handle = DBOS.start_workflow(workflow, n)
    DBOS.send(handle.workflow_id, True, "stop")
    DBOS.get_event(handle.workflow_id, "child")
    return workflow(n) + handle.get_result()
