from dataclasses import dataclass

from dbos_typed import DBOS, Event, Topic


@dataclass(frozen=True)
class KeyApproval:
    by: str


KEY_APPROVAL = Topic[KeyApproval]("approval")
KEY_STAGE = Event[str]("stage")


@DBOS.workflow()
def keyed_checkout(order_id: str) -> str:
    DBOS.set_event("progress", 0)
    DBOS.set_event(KEY_STAGE, "paying")
    approval = DBOS.recv(KEY_APPROVAL, timeout_seconds=60)
    DBOS.set_event("progress", 100)
    return approval.by if approval else order_id


@DBOS.workflow()
def keyed_silent(order_id: str) -> str:
    return order_id
