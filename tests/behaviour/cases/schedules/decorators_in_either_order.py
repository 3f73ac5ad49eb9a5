"""@DBOS.scheduled goes above or below the other decorators, on functions, static and class methods, and transactions."""

from datetime import UTC, datetime

from dbos_typed import DBOS
from dbos_typed.api.registration import registry
from dbos_typed.core.ops.schedules import fire
from dbos_typed.runtime import current
from tests.behaviour.app import App

YEARLY = "0 0 1 1 *"


async def check(app: App) -> None:
    runs = []

    @DBOS.workflow(name="below")
    @DBOS.scheduled(YEARLY)
    async def below(scheduled: datetime, actual: datetime) -> None:
        runs.append("below")

    @DBOS.scheduled(YEARLY)
    @DBOS.workflow(name="above")
    async def above(scheduled: datetime, actual: datetime) -> None:
        runs.append("above")

    @DBOS.scheduled(YEARLY)
    @DBOS.transaction()
    def transact(scheduled: datetime, actual: datetime) -> None:
        runs.append("transaction")

    @DBOS.dbos_class("Reports")
    class Reports:
        @DBOS.scheduled(YEARLY)
        @DBOS.workflow(name="static")
        @staticmethod
        async def static(scheduled: datetime, actual: datetime) -> None:
            runs.append("static")

        @classmethod
        @DBOS.scheduled(YEARLY)
        @DBOS.workflow(name="class")
        async def of_class(cls, scheduled: datetime, actual: datetime) -> None:
            runs.append(cls.__name__)

    due = datetime(2030, 1, 1, tzinfo=UTC)
    backend = current.get()
    for schedule in registry.schedules():
        assert await backend.run_async(fire(backend.engine, schedule, due, due))
    await app.until_async(lambda: len(runs) == 5)
    assert sorted(runs) == ["Reports", "above", "below", "static", "transaction"]
