"""Launch and destroy may be called repeatedly, and after destroy the application can be launched again."""

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    @DBOS.workflow()
    async def adding(number: int) -> int:
        return number + 1

    DBOS.destroy()
    for number in range(3):
        app.launch()
        DBOS.launch()
        app.launch()
        assert await adding(number) == number + 1
        DBOS.destroy()
        DBOS.destroy()
    app.launch()
    assert app.counts()["workflows"] == 3
