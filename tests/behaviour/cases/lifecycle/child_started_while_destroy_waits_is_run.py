"""A child that a running workflow starts while destroy waits is run to its end too.

Older behaviour: it was refused, or written and left PENDING although there was time.
"""

import threading

from dbos_typed import DBOS, SetWorkflowID
from dbos_typed.runtime import current
from dbos_typed.runtime.runtime import Runtime
from tests.behaviour.app import App


async def check(app: App) -> None:
    runtime = current.get()
    assert isinstance(runtime, Runtime)
    begun, gate, last = app.gate(), app.gate(), app.gate()

    @DBOS.workflow()
    async def grandchild() -> str:
        await last.wait_async()
        return "grandchild"

    @DBOS.workflow()
    async def child() -> str:
        with SetWorkflowID("grandchild"):
            await DBOS.start_workflow_async(grandchild)
        return "child"

    @DBOS.workflow()
    async def parent() -> str:
        begun.open()
        await gate.wait_async()
        with SetWorkflowID("child"):
            await DBOS.start_workflow_async(child)
        return "parent"

    with SetWorkflowID("parent"):
        await DBOS.start_workflow_async(parent)
    await begun.wait_async()
    destroying = threading.Thread(target=DBOS.destroy, kwargs={"workflow_completion_timeout_sec": 10})
    destroying.start()
    await app.until_async(lambda: runtime._is_closed)
    gate.open()
    await app.until_async(
        lambda: [app.row(each)["status"] for each in ("parent", "child") if len(app.rows("workflows")) == 3]
        == ["SUCCESS", "SUCCESS"]
    )
    # Those that started others have ended, and what they started is still waited for.
    assert app.row("grandchild")["status"] == "PENDING"
    assert destroying.is_alive()
    last.open()
    await app.until_async(lambda: not destroying.is_alive())
    assert {row["workflow_id"]: (row["status"], row["output"]) for row in app.rows("workflows")} == {
        name: ("SUCCESS", f'"{name}"') for name in ("parent", "child", "grandchild")
    }
    assert not any(line.startswith(("WARNING", "ERROR")) for line in app.log)
