"""A key sends one message to a workflow, whether workflows, steps or others send it, and a recovery sends none more.

Older behaviour: in a workflow the key was taken and not looked at.
"""

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def receiver() -> list[str]:
        received = []
        while (message := await DBOS.recv_async(timeout_seconds=0.2)) is not None:
            received.append(message)
        return received

    @DBOS.step()
    async def step() -> None:
        await DBOS.send_async("r", "of the step", idempotency_key="one")

    @DBOS.workflow()
    async def sender() -> str:
        for _ in range(3):
            await DBOS.send_async("r", "keyed", idempotency_key="one")
        await DBOS.send_async("r", "plain")
        await step()
        with pytest.raises(error.DBOSNonExistentWorkflowError):
            await DBOS.send_async("nobody", "keyed", idempotency_key="one")
        return "sent"

    gate = app.gate()

    @DBOS.workflow()
    async def held() -> None:
        await gate.wait_async()

    with SetWorkflowID("r"):
        await DBOS.start_workflow_async(held)
    for workflow_id in ("s1", "s2"):
        with SetWorkflowID(workflow_id):
            assert await sender() == "sent"
        assert list(app.recorded(workflow_id).values()).count("DBOS.send") == 5
    await DBOS.send_async("r", "outside", idempotency_key="one")
    assert await app.rerun_async("s1", keep=2) == "sent"
    payloads = [row["payload"] for row in app.rows("messages")]
    assert payloads == ['"keyed"', '"plain"', '"plain"'], payloads
    # Keys and workflow ids that look alike are told apart.
    await DBOS.send_async("r", "another", idempotency_key="one:r")
    await DBOS.send_async("s1", "another", idempotency_key="one")
    assert len(app.rows("messages")) == 5
    gate.open()
    with SetWorkflowID("reading"):
        handle = await DBOS.start_workflow_async(receiver)
    await DBOS.send_async("reading", "first", idempotency_key="k")
    await DBOS.send_async("reading", "second", idempotency_key="k")
    assert await handle.get_result(20) == ["first"]
