from typing import TypeVar

from dbos_typed import DBOS

T = TypeVar("T")


@DBOS.workflow()
def wrap(item: T) -> list[T]:
    return [item]


def use() -> int:
    numbers = DBOS.start_workflow(wrap, 1).get_result()
    texts: list[str] = DBOS.start_workflow(wrap, 1).get_result()  # E: type
    return numbers[0] + len(texts)
