from dbos_typed import DBOS


@DBOS.workflow()
def rank(names: list[str]) -> str:
    return names[0]


@DBOS.step()
def pick(names: list[str]) -> str:
    return names[-1]


@DBOS.workflow()
async def choose(names: list[str]) -> str:
    first = pick(names)
    print(await pick(names))  # E: type
    return first


async def main() -> None:
    await rank(["a"])  # E: type
    await DBOS.start_workflow(rank, ["a"])  # E: type
