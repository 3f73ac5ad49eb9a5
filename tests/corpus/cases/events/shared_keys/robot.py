from dbos_typed import DBOS
from shared_keys import keys
from shared_keys.keys import MOVES, POSITION


@DBOS.workflow()
def robot() -> None:
    DBOS.set_event(POSITION, {"x": 0, "y": 0})
    DBOS.set_event(POSITION, {"x": 0})  # E: type
    move = DBOS.recv(MOVES, 10)
    if move is not None:
        dx, dy = move
        DBOS.set_event(keys.POSITION, {"x": dx, "y": dy})
        DBOS.set_event(keys.POSITION, (dx, dy))  # E: type
