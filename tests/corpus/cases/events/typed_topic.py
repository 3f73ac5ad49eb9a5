from dataclasses import dataclass

from dbos_typed import DBOS, Topic


@dataclass(frozen=True)
class Approval:
    by: str
    granted: bool


APPROVAL = Topic[Approval]("approval")


@DBOS.workflow()
def expense(cents: int) -> str:
    approval = DBOS.recv(APPROVAL, timeout_seconds=3600)
    print(approval.by)  # E: type
    if approval is None:
        return "expired"
    print(approval.who)  # E: type
    return approval.by if approval.granted else "refused"


def approve(workflow_id: str) -> None:
    DBOS.send(workflow_id, Approval("ann", True), APPROVAL)
    DBOS.send(workflow_id, "yes", APPROVAL)  # E: type
    DBOS.send(workflow_id, {"by": "ann", "granted": True}, APPROVAL)  # E: type
