"""A client enqueues and reads workflows whose function it does not have; what a stored value is, the value says."""

from datetime import date

from dbos_typed import DBOS, DBOSClient, Queue
from tests.behaviour.app import App

LAUNCH = False


def define() -> None:
    Queue("orders")

    @DBOS.workflow(name="checkout")
    async def checkout(amount: int, day: date) -> tuple[int, date]:
        await DBOS.set_event_async("progress", amount)
        if amount < 0:
            raise ValueError("too little")
        return amount + 1, day


async def check(app: App) -> None:
    app.launch()
    app.reset()
    day = date(2030, 1, 1)
    with DBOSClient(app.database_url) as client:
        options = {"workflow_name": "checkout", "queue_name": "orders"}
        good = await client.enqueue_async(options, 1, day)
        bad = await client.enqueue_async(options, amount=-1, day=day)
        assert {row["app_version"] for row in app.rows("workflows")} == {None}
        define()
        app.launch()
        await app.until_async(lambda: all(row["status"] in ("SUCCESS", "ERROR") for row in app.rows("workflows")))
        await app.until_async(lambda: DBOS.list_queued_workflows() == [])
        app.reset()
        result = await good.get_result()
        assert list(result) == [2, day] or list(result) == [2, "2030-01-01"]
        try:
            await bad.get_result()
        except ValueError as error:
            assert str(error) == "too little"  # noqa: PT017  # in both forms
        else:
            raise AssertionError("the workflow's error was swallowed")
        assert await client.get_event_async(good.workflow_id, "progress") == 1
        assert await client.get_all_events_async(bad.workflow_id) == {"progress": -1}
        status = await client.get_workflow_status_async(good.workflow_id)
        assert status.input == {"args": (1, day), "kwargs": {}}
