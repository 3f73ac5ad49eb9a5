"""A package takes its functions from its modules, one of them under another name."""

# run: flow(1)

from dbos_typed import DBOS
from shop import api
from shop.api import undo


@DBOS.workflow()
def flow(n: int) -> int:
    return api.charge(n) + undo(n)
