from typing import TypeVar

from dbos_typed import DBOS

K = TypeVar("K")
V = TypeVar("V")


@DBOS.workflow()
async def invert(mapping: dict[K, V]) -> dict[V, K]:
    return {value: key for key, value in mapping.items()}


async def direct() -> int:
    inverted = await invert({"a": 1})
    text: str = inverted[1]
    number: int = inverted[1]  # E: type
    print(text, number)
    print(inverted["a"])  # E: type
    return len(inverted)


async def started() -> str:
    handle = await DBOS.start_workflow_async(invert, {"a": 1})
    await DBOS.start_workflow_async(invert, [1])  # E: type
    return (await handle.get_result())[1]
