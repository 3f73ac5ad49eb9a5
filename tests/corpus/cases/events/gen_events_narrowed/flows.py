from dataclasses import dataclass

from dbos_typed import DBOS


@dataclass(frozen=True)
class NarrowedState:
    done: int


@DBOS.workflow()
def narrowed_build(target: str) -> float:
    DBOS.set_event("percent", 10)
    DBOS.set_event("state", NarrowedState(3))
    DBOS.set_event("log", [target])
    return 0.5


@DBOS.workflow()
async def narrowed_async(target: str) -> float:
    await DBOS.set_event_async("percent", 10)
    return 0.5
