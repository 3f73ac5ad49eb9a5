from dbos_typed import DBOS


@DBOS.workflow()
def job(n: int) -> int:
    return n


handle = DBOS.start_workflow(job, 1)
print(handle.get_workflow_id().upper())
print(handle.workflow_id.upper())
print(handle.result())  # E: type
print(handle.get_result(timeout=3))  # E: type
print(handle.get_result(timeout_seconds="3"))  # E: type
print(handle.workflow_id())  # E: type
