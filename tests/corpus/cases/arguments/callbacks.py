from collections.abc import Callable

from dbos_typed import DBOS


def each(names: list[str], action: Callable[[str], int]) -> int:
    return sum(action(name) for name in names)


@DBOS.workflow()
def measure(name: str) -> int:
    return len(name)


@DBOS.workflow()
def double(count: int) -> int:
    return count * 2


each(["a"], measure)
each(["a"], double)  # E: type
sorted(["b", "a"], key=measure)
