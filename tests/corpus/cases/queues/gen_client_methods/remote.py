from dbos_typed import DBOSClient, EnqueueOptions
from generated.gen_client_methods.flows import RemoteShop, remote_nightly

NIGHTLY: EnqueueOptions = {"workflow_name": "remote_nightly", "queue_name": "nightly"}


def run(client: DBOSClient) -> None:
    RemoteShop.restock.via(client).enqueue("q", "berlin", "teapot", 3)
    RemoteShop.restock.via(client).enqueue("q", "berlin", 3, "teapot")  # E: type
    remote_nightly.via(client).enqueue("q")
    remote_nightly.via(client).enqueue("q", day=1)  # E: type
    client.enqueue(NIGHTLY, "monday")
    client.enqueue(NIGHTLY)
    client.enqueue(NIGHTLY, 1)  # E: dbos-enqueue
    client.enqueue(NIGHTLY, "monday", "tuesday")  # E: dbos-enqueue
