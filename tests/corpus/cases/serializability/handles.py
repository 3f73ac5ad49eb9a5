from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
def child(n: int) -> int:
    return n


@DBOS.workflow()
def spawn(n: int) -> str:
    return DBOS.start_workflow(child, n).workflow_id


@DBOS.workflow()
def spawn_handle(n: int) -> WorkflowHandle[int]:  # E: dbos-serializable
    return DBOS.start_workflow(child, n)


@DBOS.workflow()
def collect(handles: list[WorkflowHandle[int]]) -> int:  # E: dbos-serializable
    return sum(handle.get_result() for handle in handles)


@DBOS.workflow()
def collect_ids(ids: list[str]) -> int:
    return sum(DBOS.retrieve_workflow(each, workflow=child).get_result() for each in ids)
