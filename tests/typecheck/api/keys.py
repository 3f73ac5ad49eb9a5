"""Events, topics and their typed keys."""

from dataclasses import dataclass
from typing import Any

from typing_extensions import assert_type

from dbos_typed import DBOS, Event, Topic


@dataclass
class Approval:
    by: str


PROGRESS = Event[int]("progress")
RATES = Event[list[float]]("rates")
APPROVAL = Topic[Approval]("approval")


@DBOS.workflow()
def publish() -> None:
    DBOS.set_event(PROGRESS, 3)
    DBOS.set_event(RATES, [1, 2])  # E: mypy misc
    DBOS.set_event("anything", object())
    DBOS.set_event(PROGRESS, "3")  # E: mypy misc | plugin call-overload | pyright reportCallIssue,reportArgumentType
    DBOS.set_event(APPROVAL, Approval("ann"))  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
    assert_type(DBOS.recv(APPROVAL), Approval | None)
    assert_type(DBOS.recv(APPROVAL, timeout_seconds=1), Approval | None)
    assert_type(DBOS.recv(), Any | None)
    assert_type(DBOS.recv("topic", 5), Any | None)
    DBOS.recv(APPROVAL).by  # E: mypy,plugin union-attr | pyright reportOptionalMemberAccess
    DBOS.recv("topic").by  # E: mypy,plugin union-attr | pyright reportOptionalMemberAccess
    DBOS.recv(PROGRESS)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType


@DBOS.workflow()
async def publish_async() -> None:
    await DBOS.set_event_async(PROGRESS, 3)
    await DBOS.set_event_async(PROGRESS, "3")  # E: mypy misc | plugin call-overload | pyright reportCallIssue,reportArgumentType
    assert_type(await DBOS.recv_async(APPROVAL), Approval | None)
    assert_type(await DBOS.get_event_async("id", PROGRESS), int | None)
    await DBOS.send_async("id", Approval("ann"), APPROVAL)
    await DBOS.send_async("id", 3, APPROVAL)  # E: mypy misc | plugin call-overload | pyright reportCallIssue,reportArgumentType


assert_type(DBOS.get_event("id", PROGRESS), int | None)
assert_type(DBOS.get_event("id", "progress"), Any | None)
assert_type(DBOS.get_event("id", PROGRESS, timeout_seconds=0), int | None)
progress: int = DBOS.get_event("id", PROGRESS)  # E: mypy,plugin assignment | pyright reportAssignmentType
DBOS.get_event("id", APPROVAL)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
DBOS.send("id", Approval("ann"), APPROVAL)
DBOS.send("id", {"by": "ann"}, "approval")
DBOS.send("id", {"by": "ann"})
DBOS.send("id", "ann", APPROVAL)  # E: mypy misc | plugin call-overload | pyright reportCallIssue,reportArgumentType
assert_type(PROGRESS.name, str)
