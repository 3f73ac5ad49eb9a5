from dbos_typed import DBOS


def wait_for_reply() -> str:
    return str(DBOS.recv("reply"))  # E: dbos-context


def pause(seconds: float) -> None:
    DBOS.sleep(seconds)


@DBOS.workflow()
def converse() -> None:
    pause(3)


async def tell_the_world(what: str) -> None:
    await DBOS.set_event_async("what", what)  # E: dbos-context
