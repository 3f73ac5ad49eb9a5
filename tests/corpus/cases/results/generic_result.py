from typing import TypeVar

from dbos_typed import DBOS

T = TypeVar("T")


@DBOS.workflow()
def first(items: list[T]) -> T:
    return items[0]


def direct() -> int:
    number: int = first([1, 2])
    text: str = first([1, 2])  # E: type
    return number + len(text)


def direct_text() -> str:
    return first(["a"]) + first(["b"])
