"""A function comes from data that only the running program has."""

# run: flow("json", 1)
# unknown: the function is imported by a name that is an argument

import importlib

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


def charge(n: int) -> int:
    # + audit()
    return pay(n)


def loaded(name: str):
    importlib.import_module(name)
    return globals()["charge"]


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return loaded(name)(n)
