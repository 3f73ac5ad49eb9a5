from collections.abc import Callable
from typing import Any

from dbos_typed import DBOS


@DBOS.workflow()
def apply(function: Callable[[int], int], value: int) -> int:  # E: dbos-serializable
    return function(value)


@DBOS.workflow()
def apply_named(function: str, value: int) -> int:
    return {"double": value * 2}.get(function, value)


@DBOS.step()
def make() -> Callable[..., Any]:  # E: dbos-serializable
    return print


@DBOS.workflow()
def later(value: int, on_done: Callable[[int], None] | None = None) -> int:  # E: dbos-serializable
    if on_done is not None:
        on_done(value)
    return value
