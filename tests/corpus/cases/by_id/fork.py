from dbos_typed import DBOS


@DBOS.workflow()
def simulate(seed: int) -> list[float]:
    return [float(seed)]


def branch(workflow_id: str) -> float:
    handle = DBOS.fork_workflow(workflow_id, 3, workflow=simulate)
    first: float = handle.get_result()[0]
    total: float = handle.get_result()  # E: type
    DBOS.fork_workflow(workflow_id, "3", workflow=simulate)  # E: type
    DBOS.fork_workflow(workflow_id, workflow=simulate)  # E: type
    DBOS.fork_workflow(workflow_id, 3, version="2")  # E: type
    return first + total
