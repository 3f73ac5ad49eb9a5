from dbos_typed import DBOS, DBOSContextSetAuth, SetEnqueueOptions, SetWorkflowID, SetWorkflowTimeout


@DBOS.workflow()
def audit(year: int) -> int:
    return year


def run(year: int) -> None:
    with SetWorkflowID(f"audit-{year}"):
        DBOS.start_workflow(audit, year)
    with SetWorkflowID(year):  # E: type
        DBOS.start_workflow(audit, year)
    with SetWorkflowTimeout(10.5), DBOSContextSetAuth("ann", ["admin"]):
        audit(year)
    with SetWorkflowTimeout("10"):  # E: type
        audit(year)
    with DBOSContextSetAuth("ann", [1]):  # E: type
        audit(year)
    with SetEnqueueOptions(priority=1):
        audit(year)
    with SetEnqueueOptions(prio=1):  # E: type
        audit(year)
