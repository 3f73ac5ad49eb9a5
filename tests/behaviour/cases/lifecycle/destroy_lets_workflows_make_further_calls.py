"""While destroy waits, workflows go on: their further steps, events and children are recorded, and they succeed.

Fails where the runtime is taken from them first: the next call would then end them with an error, for good.
"""

import threading

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("sync",)  # waits on a thread of its own


def check(app: App) -> None:
    gate, working, both = app.gate(), app.gate(), threading.Barrier(3)

    @DBOS.step()
    def count(number: int) -> int:
        return number

    @DBOS.step()
    async def count_async(number: int) -> int:
        return number

    @DBOS.workflow()
    def child(number: int) -> int:
        return count(number)

    @DBOS.workflow()
    def counting() -> int:
        both.wait()
        gate.wait()
        total = sum(count(number) for number in range(5)) + child(7)
        DBOS.set_event("total", total)
        DBOS.sleep(0.01)
        return total

    @DBOS.workflow()
    async def counting_async() -> int:
        both.wait()
        gate.wait()
        total = sum([await count_async(number) for number in range(5)])
        await DBOS.set_event_async("total", total)
        await DBOS.sleep_async(0.01)
        return total

    handles = [DBOS.start_workflow(counting), DBOS.start_workflow(counting_async)]
    both.wait()
    ended = threading.Event()

    def destroy() -> None:
        working.open()
        DBOS.destroy(workflow_completion_timeout_sec=20)
        ended.set()

    threading.Thread(target=destroy).start()
    working.wait()
    # What destroy does before it waits takes no time that could be waited for.
    assert not ended.wait(0.3)
    gate.open()
    assert ended.wait(20)
    rows = [app.row(handle.workflow_id) for handle in handles]
    assert [(row["status"], row["output"], row["error"]) for row in rows] == [
        ("SUCCESS", "17", None),
        ("SUCCESS", "10", None),
    ]
