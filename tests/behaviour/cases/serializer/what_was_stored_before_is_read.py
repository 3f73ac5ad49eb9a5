"""With a serializer, what was stored without one is still read, and a recovered workflow goes on with both."""

import pickle
from typing import Any

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App

LAUNCH = False


class Pickled:
    """Only who installs such a serializer has anything unpickled."""

    def serialize(self, data: Any) -> str:
        return pickle.dumps(data).hex()

    def deserialize(self, text: str) -> Any:
        return pickle.loads(bytes.fromhex(text))


async def check(app: App) -> None:
    app.launch()
    gate = app.gate()
    calls: list[str] = []

    @DBOS.step()
    async def step(text: str) -> str:
        calls.append(text)
        return text.upper()

    @DBOS.workflow()
    async def work(text: str) -> list[str]:
        first = await step(text)
        await DBOS.set_event_async("reached", "")
        await gate.wait_async()
        return [first, await step("second")]

    with SetWorkflowID("w"):
        await DBOS.start_workflow_async(work, "first")
    assert await DBOS.get_event_async("w", "reached") == ""
    await app.crash_async()
    app.launch(serializer=Pickled(), strict_replay=True)
    gate.open()
    assert await (await DBOS.retrieve_workflow_async("w")).get_result() == ["FIRST", "SECOND"]
    assert calls.count("first") == 1
    assert app.row("w")["output"].startswith("!8004")
    with SetWorkflowID("w"):
        assert await work("first") == ["FIRST", "SECOND"]
