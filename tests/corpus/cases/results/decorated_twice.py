import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


def listed(func: Callable[P, R]) -> Callable[P, list[R]]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        return [func(*args, **kwargs)]

    return wrapper


@DBOS.workflow()
@listed
def size(path: str) -> int:
    return len(path)


sizes = DBOS.start_workflow(size, "a").get_result()
print(sizes[0] + 1)
print(sizes + 1)  # E: type
plain: int = size("a")  # E: type
