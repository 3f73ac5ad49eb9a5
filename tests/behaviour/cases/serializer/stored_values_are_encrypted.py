"""A serializer writes everything of the user's that is stored, and what it encrypts is nowhere in the database."""

import base64
import dataclasses
import json
from typing import Any

from dbos_typed import DBOS, DBOSClient, Event, SetWorkflowID
from tests.behaviour.app import App

LAUNCH = False


class Shifted:
    """Stands for an encryption: no two texts of one value are alike, and none can be read."""

    def __init__(self) -> None:
        self.count = 0

    def serialize(self, data: Any) -> str:
        self.count += 1
        salt = self.count % 251
        text = json.dumps([self.count, data]).encode()
        return base64.b64encode(bytes([salt, *(byte ^ salt ^ 0x55 for byte in text)])).decode()

    def deserialize(self, text: str) -> Any:
        salt, *rest = base64.b64decode(text)
        return json.loads(bytes(byte ^ salt ^ 0x55 for byte in rest))[1]


@dataclasses.dataclass
class Card:
    number: str
    limits: dict[str, float]


SECRET = "4111-1111"
CARD = Card(number=SECRET, limits={SECRET: 2.5})


async def check(app: App) -> None:
    serializer = Shifted()
    app.launch(serializer=serializer, strict_replay=True)
    attempts: list[Card] = []

    @DBOS.step()
    async def charge(card: Card) -> list[Card]:
        attempts.append(card)
        return [card]

    @DBOS.step()
    async def fail(card: Card) -> None:
        raise ValueError(card.number)

    @DBOS.workflow()
    async def checkout(card: Card) -> Card:
        [charged] = await charge(card)
        await DBOS.set_event_async(Event[Card]("card"), charged)
        await DBOS.send_async(DBOS.workflow_id or "", charged.number, "topic")
        assert await DBOS.recv_async("topic") == SECRET
        await DBOS.write_stream_async("stream", charged.number)
        try:
            await fail(card)
        except ValueError as error:
            assert error.args == (SECRET,)
        return charged

    with SetWorkflowID("w"):
        assert await checkout(CARD) == CARD
    # The same inputs, written differently, are the same inputs.
    with SetWorkflowID("w"):
        assert await checkout(CARD) == CARD
    assert await DBOS.get_event_async("w", Event[Card]("card"), 0) == CARD
    assert [value async for value in DBOS.read_stream_async("w", "stream")] == [SECRET]
    status = await DBOS.get_workflow_status_async("w")
    assert status is not None
    assert status.output == CARD
    assert status.input is not None
    assert status.input["args"] == (CARD,)
    for table in ("workflows", "steps", "messages", "events", "streams"):
        assert app.rows(table)
        assert SECRET not in repr(app.rows(table)), table
    assert await app.rerun_async("w", keep=2) == CARD
    assert attempts == [CARD]

    with DBOSClient(app.database_url, serializer=serializer) as client:
        assert await (await client.retrieve_workflow_async("w")).get_result() == CARD
        await client.send_async("w", SECRET)
    with SetWorkflowID("after"):
        assert await checkout(CARD) == CARD
    assert SECRET not in repr([app.rows(table) for table in ("workflows", "steps", "messages", "events", "streams")])

    # Another serializer, or none, does not read it and says so.
    await app.crash_async()
    app.launch()
    [unread] = await DBOS.list_workflows_async(workflow_ids=["w"])
    assert "a serializer wrote it, and none is configured here" in repr(unread.output)
