from dbos_typed import DBOS, DBOSClient
from shared_keys.keys import MOVES, POSITION


def move(workflow_id: str) -> float:
    DBOS.send(workflow_id, (1.0, 2.0), MOVES)
    DBOS.send(workflow_id, 1.0, MOVES)  # E: type
    position = DBOS.get_event(workflow_id, POSITION)
    if position is None:
        return 0.0
    print(position["z"])  # E: type
    return position["x"]


def remote(client: DBOSClient, workflow_id: str) -> str:
    client.send(workflow_id, (0.5, 0.5), MOVES)
    client.send(workflow_id, (0.5, "0.5"), MOVES)  # E: type
    position = client.get_event(workflow_id, POSITION)
    return position["x"]  # E: type
