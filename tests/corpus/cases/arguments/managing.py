from datetime import UTC, datetime

from dbos_typed import DBOS

since = datetime(2025, 1, 1, tzinfo=UTC)
DBOS.list_workflows(status="PENDING", limit=3)
DBOS.list_workflows(status=["PENDING", "ERROR"], start_time=since)
DBOS.list_workflows(limit="3")  # E: type
DBOS.list_workflows(state="PENDING")  # E: type
DBOS.list_workflows(name="checkout", sort_desc=True)
DBOS.list_workflows(workflow_ids={1, 2})  # E: type
DBOS.cancel_workflow("wf")
DBOS.cancel_workflow(["wf"])  # E: type
DBOS.cancel_workflows(["wf"])
DBOS.fork_workflow("wf", 3)
DBOS.fork_workflow("wf", "3")  # E: type
DBOS.fork_workflow("wf")  # E: type
