"""A called child takes two numbers, start and result; a started one takes one, and its id is parent and number."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow(name="child")
    async def child(value: int) -> str:
        return f"{DBOS.workflow_id} got {value}"

    @DBOS.workflow(name="parent")
    async def parent() -> list[str]:
        called = await child(1)
        handle = await DBOS.start_workflow_async(child, 2)
        return [called, await handle.get_result()]

    handle = await DBOS.start_workflow_async(parent)
    mine = handle.workflow_id
    assert await handle.get_result() == [f"{mine}-1 got 1", f"{mine}-3 got 2"]
    assert app.recorded(mine) == {1: "child", 2: "DBOS.getResult", 3: "child", 4: "DBOS.getResult"}
    children = {row["number"]: row["child_id"] for row in app.rows("steps") if row["child_id"]}
    assert children == {1: f"{mine}-1", 2: f"{mine}-1", 3: f"{mine}-3", 4: f"{mine}-3"}
    assert app.row(f"{mine}-3")["parent_workflow_id"] == mine
