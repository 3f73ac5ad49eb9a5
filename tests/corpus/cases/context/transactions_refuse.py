from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.workflow()
def child(n: int) -> int:
    DBOS.set_event("n", n)
    return n


@DBOS.transaction()
def collect(workflow_id: str) -> int:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=child)  # E: dbos-context
    return handle.get_result()  # E: dbos-context


@DBOS.transaction()
def look(workflow_id: str) -> str:
    found = DBOS.sql_session.execute(text("SELECT 1")).scalar()
    return f"{found}{DBOS.get_event(workflow_id, 'n')}"  # E: dbos-context


@DBOS.step()
def collect_in_step(workflow_id: str) -> int:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=child)
    DBOS.send(workflow_id, "hello")  # E?: dbos-topic
    return handle.get_result() + len(str(DBOS.get_event(workflow_id, "n")))


@DBOS.workflow()
def parent(n: int) -> str:
    handle = DBOS.start_workflow(child, n)
    collect_in_step(handle.workflow_id)
    return f"{collect(handle.workflow_id)}{look(handle.workflow_id)}"
