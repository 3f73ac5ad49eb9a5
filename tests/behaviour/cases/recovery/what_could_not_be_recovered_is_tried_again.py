"""A workflow whose function is registered only after launch is recovered then, without another launch.

Older behaviour: recovery was tried once, and whatever failed then stayed behind.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    def define() -> object:
        @DBOS.workflow(name="late")
        async def late(number: int) -> int:
            return number + 1

        return late

    with SetWorkflowID("w"):
        assert await define()(1) == 2
    app.rewind("w", keep=0)
    app.reset()
    app.launch(executor_timeout_seconds=0.6)
    # Twice, so that it failed more than once; what is known is not told again.
    await app.until_async(lambda: "was not recovered" in "\n".join(app.log))
    await app.until_async(lambda: app.sql("SELECT 1 FROM {dbos}executors"))
    define()
    handle = await DBOS.retrieve_workflow_async("w")
    assert await handle.get_result(timeout_seconds=20) == 2
    assert len([line for line in app.log if "was not recovered" in line]) == 1
    assert app.row("w")["recovery_attempts"] == 1
