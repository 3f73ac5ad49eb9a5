from dbos_typed import DBOS


@DBOS.workflow()
def invoice(customer: str) -> int:
    return len(customer)


def inspect() -> int:
    status = DBOS.start_workflow(invoice, "acme").get_status()
    print(status.workflow_id, status.created_at)
    print(status.output + 1)  # E: type
    print(status.wokflow_id)  # E: type
    if status.output is None:
        return 0
    return status.output
