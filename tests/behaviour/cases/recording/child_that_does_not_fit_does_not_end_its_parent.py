"""A called child whose code does not fit its records leaves itself and its parent PENDING; right code ends both.

Older behaviour: the parent ended with the error of the child, for good, and no corrected code could save it.
"""

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    is_mistaken = [False]
    caught: list[str] = []

    @DBOS.step(name="charge")
    async def charge() -> str:
        return "charged"

    @DBOS.step(name="refund")
    async def refund() -> str:
        return "refunded"

    @DBOS.workflow()
    async def child() -> str:
        return await (refund() if is_mistaken[0] else charge())

    @DBOS.workflow()
    async def plain() -> str:
        return await child()

    @DBOS.workflow()
    async def catching() -> str:
        try:
            return await child()
        except Exception as unexpected:
            caught.append(type(unexpected).__name__)
            return "swallowed"

    for name, parent in (("plain", plain), ("catching", catching)):
        is_mistaken[0] = False
        with SetWorkflowID(name):
            assert await parent() == "charged"
        is_mistaken[0] = True
        for workflow_id in (name, f"{name}-1"):
            app.rewind(workflow_id, keep=1)
        # So that it is not recovered by itself, but by the call of its parent.
        app.sql("UPDATE {dbos}workflows SET app_version = 'other' WHERE workflow_id = :id", id=f"{name}-1")
        assert await app.recover_async() == [name]
        await app.until_async(lambda: DBOS.health().running_workflows == 0)
        assert app.row(name)["status"] == "PENDING"
        assert app.row(f"{name}-1")["status"] == "PENDING"
        assert app.recorded(name) == {1: app.row(f"{name}-1")["name"]}
        assert any("'refund'" in line and f"{name}-1" in line for line in app.log)

        is_mistaken[0] = False
        assert sorted(await app.recover_async()) == [name, f"{name}-1"]
        for workflow_id in (name, f"{name}-1"):
            assert await (await DBOS.retrieve_workflow_async(workflow_id)).get_result(PATIENCE_SECONDS) == "charged"
            assert app.row(workflow_id)["status"] == "SUCCESS"
    assert caught == [error.DBOSUnexpectedStepError.__name__]
