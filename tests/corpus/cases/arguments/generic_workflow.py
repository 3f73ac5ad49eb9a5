from typing import TypeVar

from dbos_typed import DBOS

T = TypeVar("T")


@DBOS.workflow()
def repeat(item: T, count: int) -> list[T]:
    return [item] * count


def use() -> int:
    DBOS.start_workflow(repeat, "a", 2)
    DBOS.start_workflow(repeat, "a", "b")  # E: type
    numbers = repeat(1, 2)
    return numbers[0]


def misuse() -> list[str]:
    return repeat(1, 2)  # E: type
