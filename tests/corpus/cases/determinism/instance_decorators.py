import time
from contextvars import ContextVar
from datetime import UTC, datetime

from dbos_typed import DBOS

dbos = DBOS(config={"name": "instance"})
TABLE = ContextVar("TABLE", default="")


@dbos.step()
def stamp() -> float:
    return time.time()


@dbos.workflow()
def run(moment: float) -> str:
    TABLE.set("a")
    local = datetime.fromtimestamp(moment, UTC)
    later = time.time()  # E: dbos-deterministic
    dbos.sleep(1)
    return f"{local}{later}{stamp()}{TABLE.get()}{dbos.workflow_id}"
