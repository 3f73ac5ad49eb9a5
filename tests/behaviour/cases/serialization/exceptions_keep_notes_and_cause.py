"""A recorded exception keeps its arguments, fields, notes and cause."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.step()
    async def failing() -> None:
        try:
            raise KeyError("inner")
        except KeyError as inner:
            outer = ValueError("outer")
            outer.add_note("a note")
            raise outer from inner

    @DBOS.workflow()
    async def asking() -> list[object]:
        try:
            await failing()
        except ValueError as raised:
            return [raised.args, raised.__notes__, repr(raised.__cause__)]
        return []

    handle = await DBOS.start_workflow_async(asking)
    expected = [("outer",), ["a note"], "KeyError('inner')"]
    assert await handle.get_result() == expected
    assert await app.rerun_async(handle.workflow_id, keep=1) == expected
