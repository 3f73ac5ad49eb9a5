"""A record of an operation that cannot be read on replay is told, and never taken for something that was raised."""

from collections.abc import Awaitable, Callable

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import PATIENCE_SECONDS, App


async def check(app: App) -> None:
    caught: list[BaseException] = []

    @DBOS.workflow()
    async def child() -> str:
        await DBOS.set_event_async("name", "value")
        return "child"

    @DBOS.step()
    async def refuse() -> str:
        raise ValueError("refused")

    async def receive() -> object:
        await DBOS.send_async(DBOS.workflow_id or "", "message", "topic")
        return await DBOS.recv_async("topic", PATIENCE_SECONDS)

    async def sleep() -> object:
        await DBOS.sleep_async(0.001)
        return "slept"

    async def read_event() -> object:
        return await DBOS.get_event_async("publisher", "name", PATIENCE_SECONDS)

    async def start() -> object:
        handle = await DBOS.start_workflow_async(child)
        return await handle.get_result()

    async def call_refusing() -> object:
        try:
            return await refuse()
        except ValueError:
            return "refused"

    bodies: dict[str, Callable[[], Awaitable[object]]] = {
        "recv": receive,
        "sleep": sleep,
        "event": read_event,
        "started": start,
        "called": child,
        "refused": call_refusing,
    }

    @DBOS.workflow()
    async def flow(name: str) -> object:
        try:
            return await bodies[name]()
        except Exception as unreadable:
            caught.append(unreadable)
            return "another branch"

    with SetWorkflowID("publisher"):
        await child()
    for name in bodies:
        with SetWorkflowID(name):
            ended = await flow(name)
        rows = [row for row in app.rows("steps") if row["workflow_id"] == name and (row["output"] or row["error"])]
        spoilt = max(rows, key=lambda row: row["number"])
        column = "error" if spoilt["error"] is not None else "output"
        where = "WHERE workflow_id = :id AND number = :number"
        change = f"UPDATE {{dbos}}steps SET {column} = :text {where}"
        app.sql(change, text="{{{", id=name, number=spoilt["number"])
        app.rewind(name, keep=9)
        await app.recover_in_vain_async(name)
        assert isinstance(caught.pop(), error.DBOSUnexpectedStepError), name
        app.sql(change, text=spoilt[column], id=name, number=spoilt["number"])
        assert await app.recovered_result_async(name) == ended, name
    assert caught == []
