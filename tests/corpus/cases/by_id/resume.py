from dbos_typed import DBOS


@DBOS.workflow()
def train(epochs: int) -> float:
    return epochs / 2


@DBOS.transaction()
def store(epochs: int) -> float:
    return epochs / 2


def go_on(workflow_id: str) -> float:
    handle = DBOS.resume_workflow(workflow_id, workflow=train)
    text: str = handle.get_result()  # E: type
    print(text)
    DBOS.resume_workflow(workflow_id, workflow=store)  # E: dbos-workflow
    DBOS.resume_workflow(7, workflow=train)  # E: type
    return handle.get_result()
