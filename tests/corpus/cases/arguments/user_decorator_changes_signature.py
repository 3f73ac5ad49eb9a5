import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


def for_tenant(func: Callable[Concatenate[str, P], R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func("tenant", *args, **kwargs)

    return wrapper


@DBOS.workflow()
@for_tenant
def export(tenant: str, rows: int) -> str:
    return tenant * rows


DBOS.start_workflow(export, 3)
DBOS.start_workflow(export, "tenant", 3)  # E: type
DBOS.start_workflow(export, "3")  # E: type
