from dbos_typed import DBOS


def mark(stage: str) -> None:
    DBOS.set_event("stage", stage)


async def mark_async(stage: str) -> None:
    await DBOS.set_event_async("stage", stage)


@DBOS.workflow()
async def build(name: str) -> str:
    mark("started")  # E: dbos-async
    await mark_async("done")
    return name


@DBOS.workflow()
def build_blocking(name: str) -> str:
    mark("started")
    return name
