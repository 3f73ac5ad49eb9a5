"""Ids, topics and keys that no database can store or index are refused with what they are; nothing is written."""

from typing import Any

import pytest

from dbos_typed import DBOS, DBOSConfiguredInstance, SetWorkflowID
from tests.behaviour.app import App

WRONG: list[tuple[Any, type[Exception], str]] = [
    ("", ValueError, "empty"),
    ("a\x00b", ValueError, "NUL"),
    ("a\ud800b", ValueError, "surrogates"),
    ("x" * 1025, ValueError, "1025 bytes"),
    ("🙂" * 257, ValueError, "1028 bytes"),
    (7, TypeError, "int"),
    (b"id", TypeError, "bytes"),
]


async def check(app: App) -> None:
    refused: list[str] = []

    @DBOS.workflow()
    async def receiving() -> object:
        return await DBOS.recv_async(timeout_seconds=0)

    @DBOS.workflow()
    async def careless() -> None:
        for name, kind, reason in WRONG:
            with pytest.raises(kind, match=rf"topic of DBOS\.recv .*{reason}"):
                await DBOS.recv_async(name, timeout_seconds=3600)
            with pytest.raises(kind, match=rf"key of DBOS\.set_event .*{reason}"):
                await DBOS.set_event_async(name, 1)
            with pytest.raises(kind, match=rf"key of DBOS\.get_event .*{reason}"):
                await DBOS.get_event_async("id", name, timeout_seconds=3600)
            with pytest.raises(kind, match=rf"topic of DBOS\.send .*{reason}"):
                await DBOS.send_async(DBOS.workflow_id, 1, name)
            refused.append(reason)

    with SetWorkflowID("careless"):
        await careless()
    assert len(refused) == len(WRONG)
    before = app.counts()
    assert before == {"workflows": 1, "steps": 0, "messages": 0, "events": 0}
    for name, kind, reason in WRONG:
        with pytest.raises(kind, match=reason):
            SetWorkflowID(name)
        with pytest.raises(kind, match=reason):
            DBOSConfiguredInstance(name)
        with pytest.raises(kind, match=reason):
            await DBOS.send_async(name, 1)
        with pytest.raises(kind, match=reason):
            await DBOS.send_async("careless", 1, name)
        with pytest.raises(kind, match=reason):
            await DBOS.send_async("careless", 1, idempotency_key=name)
        with pytest.raises(kind, match=reason):
            await DBOS.get_event_async(name, "key", timeout_seconds=3600)
        with pytest.raises(kind, match=reason):
            await DBOS.retrieve_workflow_async(name)
        with pytest.raises(kind, match=reason):
            await DBOS.retrieve_workflow_async(name, existing_workflow=False)
        with pytest.raises(kind, match=reason):
            await DBOS.get_workflow_status_async(name)
        with pytest.raises(kind, match=reason):
            await DBOS.cancel_workflow_async(name)
        with pytest.raises(kind, match=reason):
            await DBOS.resume_workflow_async(name)
        with pytest.raises(kind, match=reason):
            await DBOS.list_workflows_async(workflow_ids=[name])
    assert app.counts() == before
