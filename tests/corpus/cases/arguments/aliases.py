from dbos_typed import DBOS as Durable
from dbos_typed import Queue


@Durable.workflow()
def sync_crm(account: str, full: bool) -> bool:
    return full and bool(account)


begin = Durable.start_workflow
job = sync_crm
background = Queue("background")
begin(job, "acme", True)
begin(job, "acme", "yes")  # E: type
Durable.start_workflow(job, True)  # E: type
background.enqueue(job, "acme", full=False)
background.enqueue(job, "acme", complete=False)  # E: type
