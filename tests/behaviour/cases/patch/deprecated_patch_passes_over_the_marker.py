"""deprecate_patch stands where a patch stood: runs with its marker pass over it, and new ones record none."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    is_deprecated = [False]
    branches: list[bool] = []

    @DBOS.step(name="work")
    async def work() -> str:
        return "done"

    @DBOS.workflow()
    async def order() -> str:
        if is_deprecated[0]:
            branches.append(await DBOS.deprecate_patch_async("new"))
        else:
            branches.append(await DBOS.patch_async("new"))
        return await work()

    with SetWorkflowID("marked"):
        assert await order() == "done"
    is_deprecated[0] = True
    assert await app.rerun_async("marked", keep=1) == "done"
    assert app.recorded("marked") == {1: "DBOS.patch-new", 2: "work"}
    with SetWorkflowID("new"):
        assert await order() == "done"
    assert app.recorded("new") == {1: "work"}
    assert await app.rerun_async("new", keep=1) == "done"
    assert branches == [True] * 4
