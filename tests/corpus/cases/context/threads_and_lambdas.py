from collections.abc import Callable

from dbos_typed import DBOS


def attempt(times: int, action: Callable[[], None]) -> None:
    for _ in range(times):
        action()


@DBOS.step()
def shout(text: str) -> int:
    names = sorted(["b", "a"], key=lambda name: len(name))
    DBOS.logger.info(names)
    attempt(1, lambda: DBOS.logger.info(text))
    attempt(2, lambda: DBOS.set_event("shout", text))  # E: dbos-context
    return len(text)


@DBOS.workflow()
def say(text: str) -> int:
    attempt(2, lambda: DBOS.set_event("say", text))
    return shout(text)
