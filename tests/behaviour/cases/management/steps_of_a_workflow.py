"""list_workflow_steps gives the recorded calls in order: number, name, value or error, child."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step(name="fine")
    async def fine() -> int:
        return 3

    @DBOS.step(name="failing")
    async def failing() -> None:
        raise ValueError("no")

    @DBOS.workflow(name="child")
    async def child() -> None: ...

    @DBOS.workflow(name="parent")
    async def parent() -> None:
        await fine()
        try:
            await failing()
        except ValueError:
            await child()

    with SetWorkflowID("p"):
        await parent()
    steps = await DBOS.list_workflow_steps_async("p")
    assert [(step["function_id"], step["function_name"]) for step in steps] == [
        (1, "fine"),
        (2, "failing"),
        (3, "child"),
        (4, "DBOS.getResult"),
    ]
    assert [step["output"] for step in steps] == [3, None, None, None]
    assert [repr(step["error"]) for step in steps] == ["None", "ValueError('no')", "None", "None"]
    assert [step["child_workflow_id"] for step in steps] == [None, None, "p-3", "p-3"]
    assert await DBOS.list_workflow_steps_async("missing") == []
    assert app.counts()["steps"] == 4
