"""A recovered workflow runs as the user who started it.

Older behaviour: recovery lost the user and roles.
"""

from dbos_typed import DBOS, DBOSContextSetAuth
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def whoami() -> list[object]:
        return [DBOS.authenticated_user, DBOS.authenticated_roles]

    with DBOSContextSetAuth("ann", ["admin", "clerk"]):
        handle = await DBOS.start_workflow_async(whoami)
    assert await handle.get_result() == ["ann", ["admin", "clerk"]]
    assert await app.rerun_async(handle.workflow_id, keep=0) == ["ann", ["admin", "clerk"]]
    assert DBOS.authenticated_user is None
