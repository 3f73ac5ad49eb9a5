import dbos_typed
from dbos_typed import DBOS as D


@D.step()
def one() -> None:
    D.set_event("a", 1)  # E: dbos-context
    D.logger.info("a")


@dbos_typed.DBOS.step()
def two() -> object:
    return dbos_typed.DBOS.recv("a")  # E: dbos-context


@D.workflow()
def three() -> object:
    D.set_event("a", 1)
    one()
    two()
    return dbos_typed.DBOS.recv("a")
