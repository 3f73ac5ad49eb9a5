from dbos_typed import DBOS


@DBOS.workflow()
def score(text: str) -> float:
    return float(len(text))


def average(ids: list[str]) -> float:
    statuses = [DBOS.retrieve_workflow(each, workflow=score).get_status() for each in ids]
    known = [status.output for status in statuses if status.output is not None]
    return sum(known) / len(known)


def total(ids: list[str]) -> float:
    statuses = [DBOS.retrieve_workflow(each, workflow=score).get_status() for each in ids]
    return sum(status.output for status in statuses)  # E: type


def describe(workflow_id: str) -> str:
    status = DBOS.retrieve_workflow(workflow_id, workflow=score).get_status()
    if status.error is not None:
        return str(status.error)
    return status.output.hex()  # E: type
