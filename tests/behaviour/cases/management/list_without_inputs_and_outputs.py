"""Without load_input a listing has no inputs, without load_output neither outputs nor errors; the rest is there."""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def work(number: int) -> int:
        if number < 0:
            raise ValueError(number)
        return number

    with SetWorkflowID("good"):
        await work(1)
    with SetWorkflowID("bad"):
        try:
            await work(-1)
        except ValueError:
            pass
    good, bad = await DBOS.list_workflows_async(load_input=False)
    assert (good.input, good.output, bad.input, repr(bad.error)) == (None, 1, None, "ValueError(-1)")
    good, bad = await DBOS.list_workflows_async(load_output=False)
    assert good.input == {"args": (1,), "kwargs": {}}
    assert (good.output, bad.error, good.status, bad.status) == (None, None, "SUCCESS", "ERROR")

    @DBOS.workflow()
    async def looking() -> object:
        listed = await DBOS.list_workflows_async(workflow_ids=["good"], load_input=False, load_output=False)
        return [(each.workflow_id, each.input, each.output) for each in listed]

    with SetWorkflowID("looking"):
        assert await looking() == [("good", None, None)]
    assert await app.rerun_async("looking", keep=1) == [("good", None, None)]
