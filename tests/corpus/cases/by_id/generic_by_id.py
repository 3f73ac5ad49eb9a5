from typing import TypeVar

from dbos_typed import DBOS

T = TypeVar("T")


@DBOS.workflow()
def keep(items: list[T]) -> list[T]:
    return items


@DBOS.workflow()
def keep_texts(items: list[str]) -> list[str]:
    return items


def use() -> str:
    texts = DBOS.retrieve_workflow("w", workflow=keep_texts).get_result()
    number: int = texts[0]  # E: type
    print(number)
    return texts[0]
