from collections.abc import Sequence

from dbos_typed import DBOS


@DBOS.workflow()
def merge(left: Sequence[int], right: Sequence[int], /, *, unique: bool = False) -> list[int]:
    return [*left, *right] if unique else [*left]


@DBOS.workflow()
async def split(text: str, /, separator: str = " ") -> list[str]:
    return text.split(separator)


DBOS.start_workflow(merge, [1], (2,), unique=True)
DBOS.start_workflow(merge, [1], right=[2])  # E: type
DBOS.start_workflow(merge, [1], ["2"])  # E: type
DBOS.start_workflow(merge, [1])  # E: type
DBOS.start_workflow(split, "a b", separator=" ")
DBOS.start_workflow(split, text="a b")  # E: type


async def main() -> None:
    await DBOS.start_workflow_async(split, "a", " ")
    await DBOS.start_workflow_async(split, separator=" ")  # E: type
    await DBOS.start_workflow_async(split, "a", " ", 3)  # E: type
