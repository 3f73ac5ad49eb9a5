"""A stored error of a class that is no Exception is told as a RemoteError, and ends neither process nor listing."""

import json

import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    @DBOS.step()
    async def stepping() -> int:
        raise ValueError("first")

    @DBOS.workflow()
    async def failing() -> str:
        try:
            await stepping()
        except error.RemoteError as remote:
            return str(remote)
        except ValueError:
            raise
        return "nothing"

    for kind in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "asyncio.exceptions:CancelledError"):
        name = kind.replace(":", ".")
        with SetWorkflowID(kind), pytest.raises(ValueError, match="first"):
            await failing()
        text = json.dumps({"class": kind if ":" in kind else f"builtins:{kind}", "message": "m", "args": ["m"]})
        app.sql("UPDATE {dbos}workflows SET error = :text WHERE workflow_id = :id", text=text, id=kind)
        app.sql("UPDATE {dbos}steps SET error = :text WHERE workflow_id = :id", text=text, id=kind)
        handle = await DBOS.retrieve_workflow_async(kind)
        with pytest.raises(error.RemoteError, match=f"{name}: m"):
            await handle.get_result(PATIENCE_SECONDS)
        status = await handle.get_status()
        assert isinstance(status.error, error.RemoteError)
        (step,) = await DBOS.list_workflow_steps_async(kind)
        assert isinstance(step["error"], error.RemoteError)
        assert await app.rerun_async(kind, keep=1) == f"{name}: m"
