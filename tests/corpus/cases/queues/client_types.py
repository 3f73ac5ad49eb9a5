from dbos_typed import DBOSClient, EnqueueOptions

options: EnqueueOptions = {"workflow_name": "checkout", "queue_name": "orders"}
missing: EnqueueOptions = {"workflow_name": "checkout"}  # E: type
wrong: EnqueueOptions = {"workflow_name": "checkout", "queue_name": "orders", "prio": 1}  # E: type


def run(client: DBOSClient) -> None:
    client.enqueue(options, "o-1")
    client.enqueue("checkout", "o-1")  # E: type
    client.enqueue({"workflow_name": "checkout", "queue": "orders"}, "o")  # E: type
    client.cancel_workflow("wf")
    client.cancel_workflow(3)  # E: type
    client.retrieve_workflow("wf").get_status().state  # E: type
    client.list_workflows(limit=3)
    client.list_workflows(max=3)  # E: type
