from __future__ import annotations

from pathlib import Path

from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, SetWorkflowID, Topic
from inventory_mixed.stock import Level, Store

COUNTED = Event[dict[str, int]]("counted")
CORRECTION = Topic[Level]("correction")
counting = Queue("counting", concurrency=2)
STORE = Store(Path("stock"))


@DBOS.step()
def load(sku: str) -> Level:
    return STORE.load(sku)


@DBOS.step()
def save(level: Level) -> None:
    STORE.save(level)


@DBOS.dbos_class()
class Inventory(DBOSConfiguredInstance):
    def __init__(self, name: str, skus: tuple[str, ...]) -> None:
        super().__init__(name)
        self.skus = skus

    def publish(self, levels: list[Level]) -> None:
        DBOS.set_event(COUNTED, {level.sku: level.left for level in levels})

    @DBOS.workflow()
    def count(self) -> int:
        levels = [load(sku) for sku in self.skus]
        self.publish(levels)
        correction = DBOS.recv(CORRECTION, timeout_seconds=60)
        while correction is not None:
            save(correction)
            levels = [correction if level.sku == correction.sku else level for level in levels]
            self.publish(levels)
            correction = DBOS.recv(CORRECTION, timeout_seconds=60)
        return STORE.total(levels)

    @DBOS.workflow()
    def recount(self, sku: str) -> int:
        level = STORE.load(sku)  # E: dbos-deterministic
        STORE.save(level)  # E: dbos-deterministic
        DBOS.set_event(COUNTED, {sku: str(level.left)})  # E: type
        return level.lefts  # E: type

    @DBOS.step()
    def report(self, sku: str) -> str:
        self.publish([load(sku)])  # E: dbos-context
        return counting.enqueue(self.recount, sku).workflow_id  # E: dbos-context


inventory = Inventory("main", ("a", "b"))


def begin() -> int:
    with SetWorkflowID("count-1"):
        handle = counting.enqueue(inventory.count)
    counting.enqueue(inventory.recount)  # E: type
    DBOS.send(handle.workflow_id, Level("a", 3), CORRECTION)
    DBOS.send(handle.workflow_id, {"sku": "a", "left": 3}, CORRECTION)  # E: type
    counted = DBOS.get_event(handle.workflow_id, COUNTED)
    print(counted["a"])  # E: type
    return handle.get_result()
