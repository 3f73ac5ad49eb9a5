from chains_of_four.b import second
from dbos_typed import DBOS


def first(n: int) -> str:
    return second(n) + "a"


@DBOS.step()
def recorded(n: int) -> str:
    return first(n)


@DBOS.workflow()
def long_chain(n: int) -> str:
    return recorded(n) + first(n)  # E: dbos-deterministic


@DBOS.workflow()
def short_chain(n: int) -> str:
    return recorded(n) + str(n)
