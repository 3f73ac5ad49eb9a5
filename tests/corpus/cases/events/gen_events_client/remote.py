from dbos_typed import DBOSClient
from gen_events_client.flows import CLIENT_STATUS, CLIENT_STOP
from generated.gen_events_client.flows import client_engine


def watch(client: DBOSClient, workflow_id: str) -> int:
    handle = client_engine.via(client).retrieve(workflow_id)
    rpm = handle.get_event("rpm")
    handle.get_event("prm")  # E: type
    handle.send(True, topic="stop")
    handle.send("now", topic="stop")  # E: type
    print(rpm.bit_length())  # E: type
    status = client.get_event(workflow_id, CLIENT_STATUS)
    print(status.upper() if status else "")
    print(client.get_event(workflow_id, CLIENT_STATUS).upper())  # E: type
    client.send(workflow_id, False, CLIENT_STOP)
    client.send(workflow_id, 0.5, CLIENT_STOP)  # E: type
    return rpm or 0
