"""The first run gets every recorded value and error in the form in which a replay gets it, so both branch alike.

Older behaviour: `except CustomError` was taken live and not on recovery, and a tuple was a list the second time.
"""

from typing import Any

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    class Unrebuildable(Exception):
        def __init__(self, *, code: int) -> None:
            super().__init__(f"code {code}")
            self.code = code

    shared = {"count": 1}

    @DBOS.step()
    async def values() -> Any:
        return {"pair": (1, 2), "keys": {1: "one"}, "set": {3}, "shared": shared}

    @DBOS.step()
    async def fail() -> None:
        raise Unrebuildable(code=7)

    @DBOS.workflow()
    async def branching() -> list[str]:
        seen = await values()
        shared["count"] += 1
        found = [f"{type(seen['pair']).__name__} {seen['keys']} {seen['set']} {seen['shared']}"]
        try:
            await fail()
        except Unrebuildable as raised:
            found.append(f"own {raised.code}")
        except Exception as raised:
            found.append(f"other {type(raised).__name__} {raised}")
        return found

    handle = await DBOS.start_workflow_async(branching)
    live = await handle.get_result()
    assert live[0] == "tuple {1: 'one'} {3} {'count': 1}"
    assert await app.rerun_async(handle.workflow_id, keep=2) == live
