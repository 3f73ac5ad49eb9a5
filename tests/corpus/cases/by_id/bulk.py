from dbos_typed import DBOS


@DBOS.workflow()
def work(n: int) -> int:
    return n


def bulk(ids: list[str]) -> int:
    DBOS.cancel_workflows(ids)
    DBOS.cancel_workflows(ids[0], ids[1])  # E: type
    handles = DBOS.resume_workflows(ids)
    print(handles[0].workflow_id)
    print(handles.workflow_id)  # E: type
    DBOS.resume_workflows([1, 2])  # E: type
    found = [DBOS.retrieve_workflow(each, workflow=work) for each in ids]
    print(", ".join(handle.get_result() for handle in found))  # E: type
    return sum(handle.get_result() for handle in found)


def delete(ids: list[str]) -> None:
    for each in ids:
        DBOS.delete_workflow(each)
    DBOS.delete_workflow(ids)  # E: type
