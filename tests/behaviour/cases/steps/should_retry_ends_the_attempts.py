"""An error that should_retry rejects ends the attempts at once and is raised itself."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    attempts: list[int] = []

    @DBOS.step(retries_allowed=True, interval_seconds=0, should_retry=lambda raised: isinstance(raised, OSError))
    async def picky() -> None:
        attempts.append(1)
        raise OSError if len(attempts) == 1 else KeyError("fatal")

    @DBOS.workflow()
    async def calling() -> str:
        try:
            await picky()
        except KeyError as fatal:
            return str(fatal.args[0])
        return "no error"

    handle = await DBOS.start_workflow_async(calling)
    assert await handle.get_result() == "fatal"
    assert len(attempts) == 2
