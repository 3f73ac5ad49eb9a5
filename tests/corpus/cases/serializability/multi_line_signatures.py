import threading
from collections.abc import (
    Callable,
)

from dbos_typed import DBOS


@DBOS.workflow(
    name="multi-line",
)
def process(
    name: str,
    callback: Callable[[str], None],  # E: dbos-serializable
    *,
    retries: int = 3,
) -> str:
    callback(name)
    return name * retries


@DBOS.step(
    retries_allowed=True,
)
def make_lock(
    name: str,
) -> threading.Lock:  # E: dbos-serializable
    print(name)
    return threading.Lock()


@DBOS.workflow()
def nothing_wrong(
    name: str,
    options: dict[
        str,
        list[int],
    ],
) -> tuple[
    str,
    int,
]:
    return name, len(options)
