from typing import Any

from dbos_typed import DBOS, WorkflowHandle


def look(workflow_id: str) -> str:
    handle: WorkflowHandle[Any] = DBOS.retrieve_workflow(workflow_id)
    print(handle.get_status().status)
    print(handle.get_result(wait=True))  # E: type
    print(DBOS.retrieve_workflow(workflow_id, existing=False))  # E: type
    DBOS.retrieve_workflow(workflow_id, existing_workflow=False)
    return handle.workflow_id


def identify(numbers: list[int]) -> None:
    for number in numbers:
        DBOS.retrieve_workflow(number)  # E: type
        DBOS.retrieve_workflow(str(number))
