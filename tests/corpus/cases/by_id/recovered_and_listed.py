from dbos_typed import DBOS


def recovered() -> list[str]:
    handles = DBOS.recover_pending_workflows(["executor-1"])
    DBOS.recover_pending_workflows([1])  # E: type
    return [handle.workflow_id for handle in handles]


def old(days: int) -> list[str]:
    statuses = DBOS.list_workflows(end_time="2025-01-01T00:00:00Z", sort_desc=True)
    DBOS.list_workflows(end_time=days)  # E: type
    DBOS.list_workflows("PENDING")  # E: type
    DBOS.list_queued_workflows(queue_name="mails")
    DBOS.list_queued_workflows(queue="mails")  # E: type
    print([status.error.code for status in statuses])  # E: type
    return [status.workflow_id for status in statuses if status.error is not None]


async def old_async() -> list[str]:
    statuses = await DBOS.list_workflows_async(status="ERROR")
    print([status.name for status in DBOS.list_workflows_async()])  # E: type
    return [status.workflow_id for status in statuses]
