from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
def checkout(order_id: str) -> int:
    return len(order_id)


def result(workflow_id: str) -> int:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=checkout)
    text: str = handle.get_result()  # E: type
    print(text)
    wrong: WorkflowHandle[str] = handle  # E: type
    print(wrong)
    return handle.get_result()
