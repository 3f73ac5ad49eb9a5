from dbos_typed import DBOS


@DBOS.workflow()
def count(names: list[str]) -> int:
    return len(names)


def use() -> int:
    text: str = count(["a"])  # E: type
    number: int = count(["a"])
    return number + len(text)
