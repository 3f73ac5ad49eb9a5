"""The first required role that the user has is assumed, stored, handed to children, and restored by a recovery.

Older behaviour: a recovered workflow ran without its roles.
"""

from dbos_typed import DBOS, DBOSContextSetAuth, SetWorkflowID
from tests.behaviour.app import App

WHO = ("ann", ["reader", "editor", "owner"], "editor")


async def check(app: App) -> None:
    @DBOS.step()
    async def who() -> tuple[str | None, list[str] | None, str | None]:
        roles = DBOS.authenticated_roles
        return DBOS.authenticated_user, None if roles is None else list(roles), DBOS.assumed_role

    @DBOS.workflow()
    @DBOS.required_roles(["editor"])
    async def child() -> tuple[str | None, list[str] | None, str | None]:
        return await who()

    @DBOS.workflow()
    @DBOS.required_roles(["admin", "editor", "reader"])
    async def parent() -> list[tuple[str | None, list[str] | None, str | None]]:
        return [await who(), await child()]

    with DBOSContextSetAuth("ann", ["reader", "editor", "owner"]), SetWorkflowID("p"):
        assert await parent() == [WHO, WHO]
    status = await DBOS.get_workflow_status_async("p")
    assert status is not None
    assert (status.authenticated_user, status.assumed_role) == ("ann", "editor")
    assert status.authenticated_roles is not None
    assert list(status.authenticated_roles) == ["reader", "editor", "owner"]
    app.sql("DELETE FROM {dbos}workflows WHERE workflow_id = 'p-2'")
    assert await app.rerun_async("p", keep=0) == [WHO, WHO]
