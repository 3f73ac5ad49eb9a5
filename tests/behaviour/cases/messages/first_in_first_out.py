"""Messages of one topic arrive in the order in which they were sent, every one once.

Older behaviour: messages of one millisecond were lost, because they were consumed by their time.
"""

from dbos_typed import DBOS
from tests.behaviour.app import App

COUNT = 40


async def check(app: App) -> None:
    gate = app.gate()

    @DBOS.workflow()
    async def reading() -> list[int]:
        await gate.wait_async()
        found: list[int] = []
        while (message := await DBOS.recv_async("numbers", timeout_seconds=0)) is not None:
            found.append(message)
        return found

    handle = await DBOS.start_workflow_async(reading)
    for number in range(COUNT):
        await DBOS.send_async(handle.workflow_id, number, "numbers")
    # All of one moment, whatever the machine's speed.
    app.sql("UPDATE {dbos}messages SET created_at = 1")
    gate.open()
    assert await handle.get_result() == list(range(COUNT))
