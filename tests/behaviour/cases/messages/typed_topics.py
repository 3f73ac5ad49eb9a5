"""A typed topic gives messages back in its type, also when they were sent before anybody named the type."""

from dataclasses import dataclass

from dbos_typed import DBOS, Topic
from tests.behaviour.app import App


@dataclass(frozen=True)
class Approval:
    by: str
    amounts: tuple[int, ...]


APPROVAL = Topic[Approval]("approval")


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def reading() -> list[Approval | None]:
        await gate.wait_async()
        first = await DBOS.recv_async(APPROVAL, timeout_seconds=0)
        second = await DBOS.recv_async(APPROVAL, timeout_seconds=0)
        return [first, second, await DBOS.recv_async(APPROVAL.name, timeout_seconds=0)]

    handle = await DBOS.start_workflow_async(reading)
    approval = Approval(by="ann", amounts=(1, 2))
    await DBOS.send_async(handle.workflow_id, approval, APPROVAL)
    await DBOS.send_async(handle.workflow_id, approval, "approval")
    gate.open()
    assert await handle.get_result() == [approval, approval, None]
