import re
import threading
import types
from typing import Any

from dbos_typed import DBOS, Queue

queue = Queue("values")


@DBOS.step()
async def load(n: int) -> int:
    return n


@DBOS.workflow()
def child(value: Any) -> Any:
    return value


@DBOS.workflow()
def parent(names: dict[str, int]) -> None:
    handle = DBOS.start_workflow(child, names)
    DBOS.set_event("handle", handle)  # E: dbos-serializable
    DBOS.set_event("handle_id", handle.workflow_id)
    DBOS.set_event("names", names.keys())  # E: dbos-serializable
    DBOS.set_event("name_list", list(names.keys()))
    DBOS.set_event("mapped", map(str, names))  # E: dbos-serializable
    DBOS.set_event("match", re.match("a", "a"))  # E: dbos-serializable
    DBOS.set_event("pairs", list(zip(names, names.values(), strict=True)))
    DBOS.send("other", zip(names, names.values(), strict=True))  # E: dbos-serializable
    DBOS.send("other", tuple(names))
    DBOS.start_workflow(child, handle)  # E: dbos-serializable
    queue.enqueue(child, types.SimpleNamespace(a=1))  # E: dbos-serializable
    queue.enqueue(child, {"error": ValueError("x"), "range": range(3)})
    DBOS.write_stream("class", int)  # E: dbos-serializable
    DBOS.write_stream("name", int.__name__)


@DBOS.workflow()
async def parent_async(n: int) -> None:
    await DBOS.set_event_async("loaded", await load(n))
    await DBOS.set_event_async("loading", load(n))  # E: dbos-serializable
    await DBOS.send_async("other", [threading.Lock()])  # E: dbos-serializable
    await DBOS.send_async("other", [str(n)])
