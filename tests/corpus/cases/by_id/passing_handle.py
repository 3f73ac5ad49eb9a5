from dbos_typed import DBOS


@DBOS.workflow()
def draw(n: int) -> str:
    if DBOS.recv(timeout_seconds=0) == "stop":
        return ""
    return "." * n


handle = DBOS.start_workflow(draw, 3)
DBOS.cancel_workflow(handle.workflow_id)
DBOS.cancel_workflow(handle)  # E: type
DBOS.resume_workflow(handle.get_workflow_id(), workflow=draw)
DBOS.resume_workflow(handle, workflow=draw)  # E: type
DBOS.get_event(handle, "progress")  # E: type
DBOS.send(handle, "stop")  # E: type
DBOS.send(handle.workflow_id, "stop")
print(DBOS.list_workflow_steps(handle))  # E: type
