import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from dbos_typed import DBOS

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: list[T]
    next: str | None = None


@DBOS.workflow()
def names(page: Page[str]) -> int:
    return len(page.items)


@DBOS.workflow()
def jobs(page: Page[Callable[[], int]]) -> int:  # E: dbos-serializable
    return len(page.items)


@DBOS.step()
def locks() -> Page[threading.Lock]:  # E: dbos-serializable
    return Page([])


@DBOS.step()
def pages() -> Page[Page[int]]:
    return Page([Page([1])])
