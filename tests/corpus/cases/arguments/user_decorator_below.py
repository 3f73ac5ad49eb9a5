import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


def logged(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        DBOS.logger.info("calling")
        return func(*args, **kwargs)

    return wrapper


@DBOS.workflow()
@logged
def archive(folder: str, days: int) -> int:
    return len(folder) + days


DBOS.start_workflow(archive, "inbox", 30)
DBOS.start_workflow(archive, "inbox", days="30")  # E: type
DBOS.start_workflow(archive)  # E: type
archive("inbox", 1)
archive("inbox", 1, 2)  # E: type
