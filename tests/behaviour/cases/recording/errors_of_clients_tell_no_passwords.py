"""Errors of HTTP clients are stored and logged without the passwords and keys of their URLs.

The workflow sees what a replay sees.
"""

import httpx
import pytest

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App

SECRET = "hunter2"


async def check(app: App) -> None:
    def ask() -> None:
        request = httpx.Request("GET", f"https://me:{SECRET}@host.example/x?api_key={SECRET}&q=1")
        httpx.Response(401, request=request).raise_for_status()

    @DBOS.step(name="ask")
    async def once() -> None:
        ask()

    @DBOS.step(retries_allowed=True, max_attempts=2, interval_seconds=0.01)
    async def twice() -> None:
        ask()

    @DBOS.workflow()
    async def work(way: str) -> str:
        try:
            if way == "once":
                await once()
            elif way == "twice":
                await twice()
        except httpx.HTTPStatusError as failed:
            return f"{failed} {failed.request.url}"
        ask()
        return ""

    with SetWorkflowID("caught"):
        said = await work("once")
    assert said.count("https://me:***@host.example/x?api_key=***&q=1") == 2
    assert await app.rerun_async("caught", keep=1) == said
    with pytest.raises(error.DBOSMaxStepRetriesExceeded) as exceeded:
        await work("twice")
    assert [type(each) for each in exceeded.value.errors] == [httpx.HTTPStatusError] * 2
    assert "api_key=***" in str(exceeded.value)
    with pytest.raises(httpx.HTTPStatusError):
        await work("in the workflow")
    stored = str([app.rows(table) for table in ("workflows", "steps")])
    assert stored.count("HTTPStatusError") >= 4
    assert SECRET not in stored
    assert "api_key=***" in str(app.log)
    assert SECRET not in str(app.log)
