import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


def timed(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        DBOS.logger.info(func)
        return func(*args, **kwargs)

    return wrapper


@DBOS.step()
@timed
def compress(path: str) -> int:
    DBOS.set_event("path", path)  # E: dbos-context
    return len(path)


@DBOS.workflow()
@timed
def archive(path: str) -> int:
    DBOS.set_event("path", path)
    return compress(path)
