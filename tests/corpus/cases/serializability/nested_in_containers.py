import threading
from collections.abc import Callable, Iterator

from dbos_typed import DBOS


@DBOS.workflow()
def deep(settings: dict[str, list[threading.Lock]]) -> int:  # E: dbos-serializable
    return len(settings)


@DBOS.workflow()
def shallow(settings: dict[str, list[str]]) -> int:
    return len(settings)


@DBOS.step()
def pair(name: str) -> tuple[str, Callable[[], None]]:  # E: dbos-serializable
    return name, lambda: None


@DBOS.step()
def maybe(name: str) -> Iterator[str] | None:  # E: dbos-serializable
    return iter(name) if name else None


@DBOS.step()
def maybe_list(name: str) -> list[str] | None:
    return list(name) or None
