"""A module makes the objects that the workflows use."""

# run: flow(1)

from dbos_typed import DBOS
from shop import services


@DBOS.workflow()
def flow(n: int) -> int:
    return services.gateway.charge(n) + services.container["gateway"].charge(n)
