from dbos_typed import DBOS


@DBOS.step()
def tell(name: str) -> None:
    DBOS.logger.info(name)


@DBOS.workflow()
def ordered(names: set[str], numbers: set[int]) -> str:
    first = min(names)
    tell(first)
    total = sum(numbers)
    for name in sorted(names | {"zoe"}):
        tell(name)
    for number in range(len(numbers)):
        tell(str(number))
    return f"{total}{first}"


@DBOS.workflow()
def unordered(names: set[str]) -> int:
    while names:
        tell(names.pop())  # E: dbos-deterministic
    return 0


@DBOS.workflow()
def enumerated(names: frozenset[str]) -> int:
    for number, name in enumerate(names):  # E: dbos-deterministic
        tell(f"{number}{name}")
    for name in tuple(names):  # E: dbos-deterministic
        tell(name)
    return len(names)


@DBOS.workflow()
def intersected(old: list[str], new: list[str]) -> int:
    common = set(old) & set(new)
    for name in common:  # E: dbos-deterministic
        tell(name)
    for name in [name for name in old if name in common]:
        tell(name)
    return len(common)
