from dbos_typed import DBOSClient
from gen_client_by_name.flows import RemoteItem


def run(client: DBOSClient) -> None:
    client.enqueue(
        {"workflow_name": "remote_checkout", "queue_name": "remote-orders"}, "o-1", [RemoteItem("a")], express=True
    )
    client.enqueue({"workflow_name": "remote_chekout", "queue_name": "remote-orders"}, "o", [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "remote_checkout", "queue_name": "remote-orders"}, "o")  # E: dbos-enqueue
    client.enqueue({"workflow_name": "remote_checkout", "queue_name": "remote-orders"}, 1, [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "remote_refund", "queue_name": "remote-orders"}, "o", 1)  # E: dbos-enqueue
    client.enqueue({"workflow_name": "refund-v2", "queue_name": "remote-orders"}, "o", 1)
    client.enqueue({"workflow_name": "refund-v2", "queue_name": "remote-orders"}, "o", "1")  # E: dbos-enqueue
    client.enqueue({"workflow_name": "refund-v2", "queue_name": "remote-orders"}, "o", cent=1)  # E: dbos-enqueue


async def run_async(client: DBOSClient) -> None:
    await client.enqueue_async({"workflow_name": "remote_mail", "queue_name": "remote-orders"}, "a@b.c")
    await client.enqueue_async({"workflow_name": "remote_mail", "queue_name": "remote-orders"})  # E: dbos-enqueue
    await client.enqueue_async({"workflow_name": "remote_sms", "queue_name": "remote-orders"}, "a")  # E: dbos-enqueue


def run_unknown(client: DBOSClient, name: str) -> None:
    client.enqueue({"workflow_name": name, "queue_name": "remote-orders"}, 1, 2, 3)
