"""Code that calls another step than the recorded one gets DBOSUnexpectedStepError, and corrected code continues.

Older behaviour: the workflow was marked ERROR for good, so that deploying the corrected code could not save it.
"""

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    is_mistaken = [False]
    refused: list[error.DBOSUnexpectedStepError] = []

    @DBOS.step(name="charge")
    async def charge() -> str:
        return "charged"

    @DBOS.step(name="refund")
    async def refund() -> str:
        return "refunded"

    @DBOS.workflow()
    async def checkout() -> str:
        if not is_mistaken[0]:
            return await charge()
        try:
            return await refund()
        except error.DBOSUnexpectedStepError as unexpected:
            refused.append(unexpected)
            return "swallowed"

    with SetWorkflowID("order"):
        assert await checkout() == "charged"
    is_mistaken[0] = True
    app.rewind("order", keep=1)
    assert await app.recover_async() == ["order"]
    await app.until_async(lambda: any("stopped without an outcome" in line for line in app.log))

    found = refused[0]
    assert (found.workflow_id, found.step_id) == ("order", 1)
    assert "'charge'" in str(found)
    assert "'refund'" in str(found)
    assert "Deploy" in str(found)
    assert app.row("order")["status"] == "PENDING"
    assert app.recorded("order") == {1: "charge"}

    is_mistaken[0] = False
    assert await app.rerun_async("order", keep=1) == "charged"
