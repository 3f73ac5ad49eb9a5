"""Starting or calling a finished workflow's id gives its stored outcome; its body does not run again."""

import pytest

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import App


async def check(app: App) -> None:
    runs: list[str] = []

    @DBOS.workflow()
    async def fine() -> int:
        runs.append("fine")
        return 5

    @DBOS.workflow()
    async def failing() -> int:
        runs.append("failing")
        raise KeyError("gone")

    for _ in range(2):
        with SetWorkflowID("fine"):
            assert await fine() == 5
        with SetWorkflowID("fine"):
            assert await (await DBOS.start_workflow_async(fine)).get_result() == 5
        with SetWorkflowID("failing"), pytest.raises(KeyError) as raised:
            await failing()
        assert raised.value.args == ("gone",)
        with SetWorkflowID("failing"), pytest.raises(KeyError):
            await (await DBOS.start_workflow_async(failing)).get_result()
    assert runs == ["fine", "failing"]
