"""Outside workflows a step is a plain call, with its retries and without a record, also before launch."""

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    attempts: list[int] = []

    @DBOS.step()
    async def double(number: int) -> int:
        return 2 * number

    @DBOS.step(retries_allowed=True, interval_seconds=0, max_attempts=3)
    async def flaky() -> int:
        attempts.append(1)
        if len(attempts) < 3:
            raise ConnectionError
        return len(attempts)

    assert await double(4) == 8
    app.launch()
    assert await double(4) == 8
    assert await flaky() == 3
    assert app.counts()["steps"] == 0
