from dbos_typed import DBOS


@DBOS.workflow()
async def summarize(text: str) -> str:
    return text


def read(workflow_id: str) -> str:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=summarize)
    number: int = handle.get_result()  # E: type
    print(number)
    return handle.get_result().upper()


def read_status(workflow_id: str) -> str:
    return DBOS.retrieve_workflow(workflow_id, workflow=summarize).get_status().output  # E: type
