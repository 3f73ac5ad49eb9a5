from dbos_typed import DBOS


@DBOS.transaction()
def stop_all(ids: list[str]) -> int:
    for each in ids:
        DBOS.cancel_workflow(each)  # E: dbos-context
    return len(DBOS.list_workflows(status="PENDING"))  # E: dbos-context


@DBOS.transaction()
def tell(workflow_id: str) -> None:
    DBOS.send(workflow_id, "saved")  # E: dbos-context
    DBOS.logger.info("told %s", DBOS.workflow_id)


@DBOS.step()
def stop_in_step(ids: list[str]) -> int:
    DBOS.cancel_workflows(ids)
    return len(DBOS.list_workflows(status="PENDING"))


@DBOS.workflow()
def janitor(ids: list[str]) -> None:
    stop_all(ids)
    stop_in_step(ids)
    for each in ids:
        tell(each)
        DBOS.cancel_workflow(each)
