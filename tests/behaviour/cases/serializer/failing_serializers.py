"""A serializer that raises, or gives no text, fails the call that needed it with a clear error; nothing is written."""

from typing import Any

import pytest

from dbos_typed import DBOS, DBOSClient
from dbos_typed.error import DBOSInitializationError, DBOSSerializationError
from tests.behaviour.app import App

LAUNCH = False


class Fragile:
    def serialize(self, data: Any) -> Any:
        if "raise" in repr(data):
            raise RuntimeError("no key")
        return b"bytes" if "bytes" in repr(data) else "N\0L" if "nul" in repr(data) else repr(data)

    def deserialize(self, text: str) -> Any:
        if "unreadable" in text:
            raise RuntimeError("wrong key")
        return eval(text)


async def check(app: App) -> None:
    app.launch(serializer=Fragile())

    @DBOS.workflow()
    async def work(text: str) -> str:
        return text

    before = app.counts()
    for text, reason in {
        "raise": "Fragile cannot write it: RuntimeError: no key",
        "bytes": "Fragile gave bytes",
        "nul": "Fragile gave a text with NUL",
        "unreadable": "Fragile cannot read it: RuntimeError: wrong key",
    }.items():
        with pytest.raises(DBOSSerializationError, match=reason):
            await work(text)
    assert app.counts() == before
    assert await work("good") == "good"

    with pytest.raises(DBOSInitializationError, match="different serializers"):
        DBOSClient(app.database_url, serializer=Fragile())
    await app.crash_async()
    with pytest.raises(DBOSInitializationError, match=r"'serializer' .* serialize\(data\) -> str"):
        app.launch(serializer=repr)
