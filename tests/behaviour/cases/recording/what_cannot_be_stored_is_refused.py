"""Live things are no values: a file, session, connection, handle, thread, module or function is refused with its place."""

import asyncio
import io
import socket
import sqlite3
import threading
from typing import Any

from sqlalchemy.orm import Session

from dbos_typed import DBOS, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    @DBOS.workflow()
    async def nothing() -> None: ...

    connection = sqlite3.connect(":memory:")
    server = socket.socket()
    handle = await DBOS.start_workflow_async(nothing)
    live: dict[str, Any] = {
        "file": io.StringIO(),
        "session": Session(),
        "connection": connection,
        "socket": server,
        "handle": handle,
        "lock": threading.Lock(),
        "thread": threading.current_thread(),
        "module": asyncio,
        "function": print,
        "iterator": iter([1]),
        "class": int,
    }

    @DBOS.step()
    async def giving(kind: str) -> Any:
        return {"items": [1, live[kind]]}

    @DBOS.workflow()
    async def calling(kind: str) -> str:
        try:
            await giving(kind)
        except error.DBOSSerializationError as refused:
            return str(refused.path)
        return "it was stored"

    @DBOS.workflow()
    async def taking(value: Any) -> None: ...

    for kind in live:
        called = await DBOS.start_workflow_async(calling, kind)
        assert await called.get_result() == "result['items'][1]", kind
        before = app.counts()
        try:
            await DBOS.start_workflow_async(taking, {"items": [1, live[kind]]})
        except error.DBOSSerializationError as refused:
            assert str(refused.path) == "value['items'][1]", kind
        else:
            raise AssertionError(kind)
        assert app.counts() == before
    connection.close()
    server.close()
