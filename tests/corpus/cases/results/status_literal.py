from dbos_typed import DBOS


@DBOS.workflow()
def build(target: str) -> str:
    return target


def state() -> str:
    status = DBOS.start_workflow(build, "all").get_status()
    if status.status == "SUCCESS":
        return "done"
    if status.status == "FAILED":  # E: type
        return "failed"
    if status.status in ("ERROR", "CANCELLED"):
        return "over"
    return status.status
